import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { howItEnded } from '../../../dev/stack/supervised-child.ts';
import { until } from '../until.ts';

const READY_LIMIT_MS = 120_000;
/** As compose has it: what ended by itself is started again. */
const PAUSE_MS = 500;

/**
 * A program that can be killed, frozen and started again. One that ends by itself is started again, and that is told.
 */
export class Program {
  readonly name: string;
  /** How it ended by itself, if it did. */
  readonly deaths: string[] = [];
  readonly #launch: () => ChildProcess;
  readonly #isReady: () => Promise<boolean>;
  #child: ChildProcess | undefined;
  #wanted = false;

  constructor(name: string, launch: () => ChildProcess, isReady: () => Promise<boolean>) {
    this.name = name;
    this.#launch = launch;
    this.#isReady = isReady;
  }

  get running(): boolean {
    return this.#wanted;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    this.#wanted = true;
    this.#begin();
    await until(`the ${this.name} is ready`, this.#isReady, READY_LIMIT_MS).catch((error) => {
      throw new Error(`${error.message}; it ended by itself: ${this.deaths.join(', ') || 'never'}`);
    });
  }

  /** SIGKILL: nothing is finished, nothing written down. Resolves when it is gone, with all that it had started. */
  async kill(): Promise<void> {
    this.#wanted = false;
    const child = this.#child;
    if (!child || isGone(child)) return;
    const gone = once(child, 'exit');
    const family = familyOf(child);
    signal(family, 'SIGKILL');
    await gone;
    await until(`all of the ${this.name} is gone`, async () => !family.some(exists));
  }

  /** SIGSTOP: it holds what it holds, and answers nobody. */
  freeze(): void {
    if (!this.#child || isGone(this.#child)) return;
    // Twice: what was started while the first round was under way is stopped, too.
    for (const _ of [1, 2]) signal(familyOf(this.#child), 'SIGSTOP');
  }

  thaw(): void {
    if (this.#child && !isGone(this.#child)) signal(familyOf(this.#child).reverse(), 'SIGCONT');
  }

  #begin(): void {
    const child = this.#launch();
    this.#child = child;
    child.once('exit', async () => {
      if (!this.#wanted) return;
      this.deaths.push(howItEnded(child));
      await wait(PAUSE_MS);
      if (this.#wanted && this.#child === child) this.#begin();
    });
  }
}

const isGone = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

/** A process and all that it has started, itself first. PostgreSQL's are no process group. */
function familyOf({ pid }: ChildProcess): number[] {
  const parents = new Map(readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? parentOf(Number(name)) : [])));
  const family = [pid as number];
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child);
  return family;
}

function parentOf(pid: number): [number, number][] {
  try {
    // The name, in brackets, may hold anything.
    const [, state, parent] = /^\d+ \(.*\) (\w) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return state === 'Z' ? [] : [[pid, Number(parent)]];
  } catch {
    return []; // gone by now
  }
}

const exists = (pid: number) => parentOf(pid).length > 0;

function signal(pids: number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // gone by now
    }
  }
}
