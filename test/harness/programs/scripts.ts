import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface Script {
  process: ChildProcess;
  /** What it has printed so far, both streams. */
  output(): string;
}

/** Runs a script of the repository as the supervisor and npm do. */
export function runScript(script: string, env: NodeJS.ProcessEnv = {}, args: string[] = []): Script {
  const options = { cwd: ROOT, env: { ...process.env, ...env }, execArgv: ['--import', 'tsx'], silent: true };
  const child = fork(script, args, options);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  return { process: child, output: () => output };
}

/** @throws Error with its output when it ends instead */
export async function untilReady({ process, output }: Script): Promise<void> {
  const ready = new Promise<void>((resolve, reject) => {
    process.on('message', (message) => message === 'ready' && resolve());
    process.on('exit', () => reject(new Error(output())));
  });
  await ready;
}

/** Waits for the end; answers the exit code, or the signal that ended it. */
export async function untilEnded({ process }: Script): Promise<number | string> {
  if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
  return process.exitCode ?? process.signalCode ?? '';
}

/** Kills it if it still runs. */
export async function killScript(script: Script): Promise<void> {
  script.process.kill('SIGKILL');
  await untilEnded(script);
}

export async function waitFor<T>(what: string, probe: () => T | Promise<T>, limitMs = 20_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await wait(25);
  }
}

/** Ports that nobody listens on, all different. */
export function freePorts(count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => getPort({ host: '127.0.0.1' })));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A folder for one test file; `remove` at its end. */
export function temporaryFolder(name: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `mente-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
