import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHeld } from './lock.ts';
import type { StackAddresses } from './settings.ts';

/** What `npm start` writes down of itself, for other programs. */
export interface RunningStack extends StackAddresses {
  /** Of the parts, by their names. */
  pids: Record<string, number>;
}

export const lockFile = (folder: string) => join(folder, 'lock');
const stackFile = (folder: string) => join(folder, 'stack.json');

/** Writes down where the parts are reached, in a single step. */
export function writeStack(folder: string, stack: RunningStack): void {
  const draft = `${stackFile(folder)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(stack, null, 2));
  renameSync(draft, stackFile(folder));
}

export function forgetStack(folder: string): void {
  rmSync(stackFile(folder), { force: true });
}

/**
 * The stack that runs with its data in this folder; undefined where none does, or one isn't up yet. A file that a stack
 * left behind when it was killed doesn't count: nobody holds the folder's lock any more.
 */
export function runningStack(folder: string): RunningStack | undefined {
  if (!isHeld(lockFile(folder))) return undefined;
  try {
    return JSON.parse(readFileSync(stackFile(folder), 'utf8')) as RunningStack;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
