import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { endProcess, forkPart, howItEnded, type Part, SupervisedChild, type Surroundings } from './supervised-child.ts';

/** Runs the parts of the stack, keeps them alive, and stops them in order. */
export class Supervisor {
  readonly #surroundings: Surroundings;
  readonly #stages: SupervisedChild[][] = [];
  readonly #oneOffs = new Set<ChildProcess>();
  #stopping = false;

  constructor(surroundings: Surroundings) {
    mkdirSync(surroundings.logDir, { recursive: true });
    this.#surroundings = surroundings;
  }

  /** Pids of the parts that run now, by name. */
  get pids(): Record<string, number> {
    const children = this.#stages.flat();
    return Object.fromEntries(children.flatMap(({ part, pid }) => (pid === undefined ? [] : [[part.name, pid]])));
  }

  /**
   * Starts parts at the same time, waits until all are ready, and starts each again when it dies.
   * @throws Error when one of them can't be started
   */
  async start(...parts: Part[]): Promise<void> {
    this.#refuseWhenStopping();
    const stage = parts.map((part) => new SupervisedChild(part, this.#surroundings));
    this.#stages.push(stage);
    await Promise.all(stage.map((child) => child.start()));
  }

  /**
   * Runs a part to its end.
   * @throws Error when it ends with another code than 0
   */
  async runOnce(part: Part): Promise<void> {
    this.#refuseWhenStopping();
    const child = forkPart(part, this.#surroundings);
    this.#oneOffs.add(child);
    await once(child, 'exit');
    this.#oneOffs.delete(child);
    if (child.exitCode !== 0) throw new Error(`The ${part.name} failed (${howItEnded(child)}).`);
  }

  /** Stops all parts, those that were started last first. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#oneOffs].map(endProcess));
    for (const stage of this.#stages.toReversed()) await Promise.all(stage.map((child) => child.stop()));
  }

  #refuseWhenStopping(): void {
    if (this.#stopping) throw new Error('The stack is being stopped.');
  }
}
