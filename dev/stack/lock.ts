import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { commandLine } from './command-line.ts';

export interface Lock {
  /** The last holder was killed before it could let go. */
  abandoned: boolean;
  release(): void;
}

/**
 * Takes a lock file, which names the process that holds it. A lock whose holder is gone is taken over.
 * @param patienceMs how long to wait for a holder that is about to end
 * @returns undefined while another process holds it
 */
export async function takeLock(file: string, patienceMs = 0): Promise<Lock | undefined> {
  const me = `${process.pid} ${commandLine(process.pid)}`;
  const deadline = Date.now() + patienceMs;
  let abandoned = false;
  for (;;) {
    if (create(file, me)) {
      // Another process that found the lock abandoned may have removed ours just now: look again after a moment.
      if (abandoned) await wait(50);
      if (read(file) === me) return { abandoned, release: () => rmSync(file, { force: true }) };
    }
    if (!isHeld(file)) {
      abandoned = true;
      rmSync(file, { force: true });
    } else if (Date.now() >= deadline) {
      return undefined;
    } else {
      await wait(50);
    }
  }
}

/** Creates the lock file with its content in a single step, so that nobody ever sees an empty lock. */
function create(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

/** Whether the holder still runs. Its command line is compared, too, since a pid may be given to another process. */
export function isHeld(file: string): boolean {
  const [pid = '', ...line] = read(file).split(' ');
  return line.length > 0 && commandLine(Number(pid)) === line.join(' ');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
