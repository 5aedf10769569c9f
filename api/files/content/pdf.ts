import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { problems } from '../../http/errors.ts';
import { takingTurns } from '../../http/turns.ts';
import type { PdfFault } from './pdf-faults.ts';

/** A PDF of sixty thousand objects takes two seconds, or more beside other work. */
const READ_MS = 10_000;
const READY_MS = 30_000;
/** What the process may take beside what the file and Node take; a few hundred bytes can claim any amount. */
const MEMORY_BYTES = 768 * 1024 * 1024;
const HEAP_MEGABYTES = 384;
const WATCH_MS = 50;
const PAGE_BYTES = 4096;
const WAITING = 30;

/** Reads PDFs. */
export interface PdfReader {
  /**
   * @returns what is wrong with it; `tooComplex` where it took more time or memory than any honest one does
   * @throws Problem 503
   */
  faults(content: Buffer): Promise<PdfFault[] | ['tooComplex']>;
  close(): void;
}

/**
 * A reader in a process of its own, begun with the first PDF: what a file makes of it (an endless loop, all memory, a
 * crash) ends there, and the next one gets a new process. It is given no setting and no key.
 * @param readMs milliseconds that a PDF may take
 */
export function createPdfReader(readMs = READ_MS): PdfReader {
  const turns = takingTurns(1, WAITING);
  let reader: Promise<ChildProcess> | undefined;
  let closed = false;

  async function read(content: Buffer): Promise<PdfFault[] | ['tooComplex']> {
    const begun = await reader?.catch(() => undefined);
    // Somebody may have ended it meanwhile.
    if (!begun || hasEnded(begun)) reader = begin();
    const child = await (reader as Promise<ChildProcess>).catch((error) => {
      throw problems.unavailable(error);
    });
    const faults = await ask(child, content, readMs);
    if (faults) return faults;
    if (closed) throw problems.unavailable();
    // Now, rather than while somebody waits for it.
    reader = begin();
    reader.catch(() => undefined);
    return ['tooComplex'];
  }
  return {
    faults: (content) => turns(() => read(content)),
    close() {
      closed = true;
      reader?.then(
        (child) => child.kill('SIGKILL'),
        () => undefined,
      );
    },
  };
}

const hasEnded = ({ killed, exitCode, signalCode }: ChildProcess) => killed || exitCode !== null || signalCode !== null;

async function begin(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('pdf-process.ts', import.meta.url)), {
    // Where tsx is found, wherever the api was started.
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    execArgv: ['--import', 'tsx', `--max-old-space-size=${HEAP_MEGABYTES}`],
    env: { PATH: process.env.PATH },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.on('error', () => undefined);
  const limit = AbortSignal.timeout(READY_MS);
  try {
    const gone = once(child, 'exit', { signal: limit }).then(() => Promise.reject(new Error('it ended')));
    await Promise.race([once(child, 'message', { signal: limit }), gone]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  // It keeps no program from ending.
  child.unref();
  child.channel?.unref();
  return child;
}

/** @returns undefined where it was killed, or ended by itself */
async function ask(child: ChildProcess, content: Buffer, readMs: number): Promise<PdfFault[] | undefined> {
  const kill = () => child.kill('SIGKILL');
  const limit = setTimeout(kill, readMs);
  const watch = setInterval(async () => {
    if ((await residentBytes(child.pid)) > MEMORY_BYTES) kill();
  }, WATCH_MS);
  try {
    return await new Promise((resolve) => {
      child.once('message', (faults) => resolve(faults as PdfFault[]));
      child.once('exit', () => resolve(undefined));
      if (hasEnded(child)) return resolve(undefined);
      child.send(content, (error) => error && resolve(undefined));
    });
  } finally {
    clearTimeout(limit);
    clearInterval(watch);
    child.removeAllListeners('message').removeAllListeners('exit');
  }
}

/** What a process has in memory, where the system tells (Linux); elsewhere only its time is bounded. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const pages = await readFile(`/proc/${pid}/statm`, 'utf8').then(
    (text) => Number(text.split(' ')[1]),
    () => 0,
  );
  return pages * PAGE_BYTES;
}
