import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What the EICAR institute gives away to try scanners with; in parts, so that no scanner takes this file for it. */
export const eicar = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''),
);

/** How the stand-in behaves: as clamd does, or as a broken one. */
export type Conduct = 'scans' | 'isSilent' | 'hangsUp' | 'hangsUpHalfway' | 'talksNonsense' | 'fails';

/** Stands in for clamd: it speaks INSTREAM, and finds EICAR. */
export async function startClamd({ streamMaxLength = 25 * 1024 * 1024, listenOn = 0 as number | string } = {}) {
  const open = new Set<Socket>();
  const clamd = { address: '', conduct: 'scans' as Conduct, scanned: [] as Buffer[], stop };
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => undefined);
    if (clamd.conduct === 'hangsUp') socket.destroy();
    else converse(socket, clamd, streamMaxLength);
  });
  server.listen(...((typeof listenOn === 'string' ? [listenOn] : [listenOn, '127.0.0.1']) as [number, string]));
  await once(server, 'listening');
  clamd.address = typeof listenOn === 'string' ? listenOn : `127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function stop() {
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  }
  return clamd;
}

interface Talk {
  conduct: Conduct;
  scanned: Buffer[];
}

function converse(socket: Socket, clamd: Talk, streamMaxLength: number): void {
  const command = 'zINSTREAM\0';
  let heard = Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let answered = false;
  const answer = (text: string) => {
    answered = true;
    socket.end(`${text}\0`);
  };
  socket.on('data', (bytes) => {
    if (answered || clamd.conduct === 'isSilent') return;
    heard = Buffer.concat([heard, bytes]);
    if (heard.length >= command.length && heard.toString('latin1', 0, command.length) !== command)
      return answer('UNKNOWN COMMAND');
    if (clamd.conduct === 'hangsUpHalfway' && heard.length > 64) return void socket.destroy();
    for (let at = command.length; at + 4 <= heard.length; ) {
      const length = heard.readUInt32BE(at);
      if (length === 0) return answer(conclude(clamd, Buffer.concat(chunks)));
      if (at + 4 + length > heard.length) return;
      chunks.push(heard.subarray(at + 4, at + 4 + length));
      heard = Buffer.concat([Buffer.from(command), heard.subarray(at + 4 + length)]);
      at = command.length;
      const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      if (size > streamMaxLength) return answer('INSTREAM size limit exceeded. ERROR');
    }
  });

  function conclude({ conduct, scanned }: Talk, content: Buffer): string {
    scanned.push(content);
    if (conduct === 'talksNonsense') return 'HTTP/1.1 400 Bad Request';
    if (conduct === 'fails') return "stream: Can't allocate memory ERROR";
    return content.includes(eicar) ? 'stream: Eicar-Test-Signature FOUND' : 'stream: OK';
  }
}
