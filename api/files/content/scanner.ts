import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What a scanner says of a content. `tooLarge`: it is set to take less than we do (StreamMaxLength). */
export type Verdict = 'clean' | 'infected' | 'tooLarge';

/** The scanner can't be reached, is too slow, or doesn't answer as clamd does. */
export class ScannerUnavailable extends Error {
  readonly code = 'SCANNER_UNAVAILABLE';
}

/** From the connection to the verdict. */
const SCAN_MS = 30_000;
const CHUNK_BYTES = 64 * 1024;
/** An answer is a line, with the name of what was found. */
const ANSWER_BYTES = 4096;

/**
 * Has a content scanned by clamd, over its command INSTREAM.
 * @param address `host:port`, or the path of clamd's socket
 * @throws ScannerUnavailable
 */
export async function scan(address: string, content: Buffer, limitMs = SCAN_MS): Promise<Verdict> {
  const socket = connect(target(address));
  const limit = setTimeout(() => socket.destroy(new ScannerUnavailable('too slow')), limitMs);
  try {
    const answer = answerOf(socket);
    // It may answer before it has heard everything, and then it hangs up: what it said counts.
    send(socket, content).catch(() => undefined);
    return verdictOf(await answer);
  } catch (cause) {
    throw cause instanceof ScannerUnavailable ? cause : new ScannerUnavailable('no answer', { cause });
  } finally {
    clearTimeout(limit);
    socket.destroy();
  }
}

function target(address: string): { path: string } | { host: string; port: number } {
  if (address.startsWith('/')) return { path: address };
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  return { host, port: Number(address.slice(colon + 1)) };
}

/** Chunks, each after its length; an empty one is the last. */
async function send(socket: Socket, content: Buffer): Promise<void> {
  const write = async (bytes: Buffer) => {
    if (!socket.write(bytes)) await once(socket, 'drain');
  };
  await write(Buffer.from('zINSTREAM\0'));
  for (let start = 0; start < content.length; start += CHUNK_BYTES) {
    const chunk = content.subarray(start, start + CHUNK_BYTES);
    await write(lengthOf(chunk));
    await write(chunk);
  }
  await write(lengthOf(Buffer.alloc(0)));
}

function lengthOf({ length }: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

/** The answer, as soon as its end is there. */
function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('latin1');
      if (answer.includes('\0')) resolve(answer.slice(0, answer.indexOf('\0')));
      else if (answer.length > ANSWER_BYTES) reject(new ScannerUnavailable('not an answer of clamd'));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new ScannerUnavailable('cut off')));
  });
}

function verdictOf(answer: string): Verdict {
  if (answer === 'stream: OK') return 'clean';
  if (/^stream: .+ FOUND$/.test(answer)) return 'infected';
  if (/size limit exceeded/i.test(answer)) return 'tooLarge';
  throw new ScannerUnavailable('not an answer of clamd');
}
