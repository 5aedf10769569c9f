import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PINO_WARN = 40;

/**
 * Writes everything that a child prints to `<folder>/<name>.log`. Warnings and errors (pino's, and all of stderr) are
 * shown on the console, too.
 * @param show takes a line for the console
 */
export function keepOutput(child: ChildProcess, name: string, folder: string, show: (line: string) => void): void {
  const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
  for (const [stream, matters] of [[child.stdout, isWarning] as const, [child.stderr, () => true] as const]) {
    if (!stream) continue;
    createInterface(stream).on('line', (line) => {
      log.write(`${line}\n`);
      if (matters(line)) show(`[${name}] ${line}`);
    });
  }
  child.once('close', () => log.end());
}

function isWarning(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    const { level } = JSON.parse(line) as { level?: number };
    return level !== undefined && level >= PINO_WARN;
  } catch {
    return false;
  }
}
