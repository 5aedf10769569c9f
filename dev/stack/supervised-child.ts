import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { keepOutput } from './child-output.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_LIMIT_MS = 120_000;
/** Longer than the time that a stopping worker gives its activities. */
const STOP_LIMIT_MS = 40_000;
/** A child that lived shorter than this is started again only after a pause. */
const SHORT_LIFE_MS = 10_000;
const PAUSE_MS = 1_000;
const DEATHS = 5;
const DEATHS_WITHIN_MS = 60_000;

export interface Part {
  name: string;
  /** Path of its script, absolute or from the repository's root. */
  script: string;
  args?: string[];
}

export interface Surroundings {
  env: NodeJS.ProcessEnv;
  /** Folder of the logs. */
  logDir: string;
  /** Takes a line for the console. */
  show(line: string): void;
  /** Called whenever a child is ready, the first time and after each restart. */
  onReady(): void;
  /** Called when a child can't be kept alive, with a sentence that says so. */
  onGiveUp(reason: string): void;
}

/**
 * Starts a part as a Node process, in a process group of its own: Ctrl-C must reach only the supervisor, which stops
 * the parts in order.
 */
export function forkPart(part: Part, { env, logDir, show }: Surroundings): ChildProcess {
  const options = { cwd: ROOT, execArgv: ['--import', 'tsx'], env, silent: true, detached: true };
  const child = fork(part.script, part.args ?? [], options);
  keepOutput(child, part.name, logDir, show);
  return child;
}

/** Ends a process: asks it to stop, and kills it if it doesn't in time. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exited;
  clearTimeout(kill);
}

/** A part that says 'ready' over its channel, and is started again when it dies. */
export class SupervisedChild {
  readonly part: Part;
  readonly #surroundings: Surroundings;
  #process: ChildProcess | undefined;
  #deaths: number[] = [];
  #pause: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(part: Part, surroundings: Surroundings) {
    this.part = part;
    this.#surroundings = surroundings;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * Resolves when the part is ready.
   * @throws Error when it isn't in time, or ends before
   */
  async start(): Promise<void> {
    const startedAt = Date.now();
    const child = forkPart(this.part, this.#surroundings);
    this.#process = child;
    await untilReady(child, this.part.name);
    child.once('exit', () => this.#died(startedAt, howItEnded(child)));
    this.#surroundings.onReady();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#pause);
    if (this.#process) await endProcess(this.#process);
  }

  #died(startedAt: number, how: string): void {
    if (this.#stopping) return;
    const { show, onGiveUp, logDir } = this.#surroundings;
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < DEATHS_WITHIN_MS), now];
    if (this.#deaths.length >= DEATHS) {
      onGiveUp(`The ${this.part.name} died ${DEATHS} times within a minute: see ${logDir}/${this.part.name}.log.`);
      return;
    }
    show(`[${this.part.name}] ended (${how}), is started again`);
    this.#pause = setTimeout(() => this.#restart(), now - startedAt < SHORT_LIFE_MS ? PAUSE_MS : 0);
  }

  #restart(): void {
    const startedAt = Date.now();
    this.start().catch((error: Error) => this.#died(startedAt, error.message));
  }
}

function untilReady(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      reject(new Error(`The ${name} was not ready within ${READY_LIMIT_MS / 1000} s.`));
      child.kill('SIGKILL');
    }, READY_LIMIT_MS);
    const settle = (end: () => void) => {
      clearTimeout(limit);
      child.off('exit', onExit).off('error', onError).off('message', onMessage);
      end();
    };
    const onExit = () => settle(() => reject(new Error(`The ${name} could not be started (${howItEnded(child)}).`)));
    const onError = (error: Error) => settle(() => reject(error));
    const onMessage = (message: unknown) => message === 'ready' && settle(resolve);
    child.on('exit', onExit).on('error', onError).on('message', onMessage);
  });
}

/** The exit code or the signal with which a process ended, in words. */
export const howItEnded = ({ exitCode, signalCode }: ChildProcess) => signalCode ?? `exit code ${exitCode}`;
