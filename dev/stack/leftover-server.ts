import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { commandLine } from './command-line.ts';

const STOP_LIMIT_MS = 10_000;

/** The files that the stack's Temporal server keeps in the stack's folder. */
export const temporalFiles = (folder: string) => ({
  database: join(folder, 'temporal.db'),
  pidFile: join(folder, 'temporal.pid'),
});

/**
 * Stops a Temporal server that still runs although the process that had started it was killed: as it is no Node
 * process, nothing tells it to stop, and it would go on holding the ports and the database.
 */
export async function stopLeftoverServer(folder: string): Promise<void> {
  const { database, pidFile } = temporalFiles(folder);
  const pid = readPid(pidFile);
  const runs = () => commandLine(pid).includes(database);
  if (runs()) {
    process.kill(pid, 'SIGTERM');
    const deadline = Date.now() + STOP_LIMIT_MS;
    while (runs() && Date.now() < deadline) await wait(50);
    if (runs()) process.kill(pid, 'SIGKILL');
  }
  rmSync(pidFile, { force: true });
}

function readPid(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}
