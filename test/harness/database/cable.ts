import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The line between a process and its database, which a test can cut or hold. */
export interface Cable {
  /** The database's URL through this line. */
  url: string;
  /** The database is gone: connections break, and new ones end at once. */
  cut(): void;
  /** The database doesn't answer: what is sent to it waits. */
  hold(): void;
  /** Ends `cut` and `hold`; what waited arrives. */
  mend(): void;
  close(): Promise<void>;
}

export async function layCable(databaseUrl: string): Promise<Cable> {
  const target = new URL(databaseUrl);
  const pairs = new Map<Socket, Socket>();
  let state: 'whole' | 'cut' | 'held' = 'whole';

  // No delay: a database that answers in small pieces would wait for the receipt of each.
  const server = createServer({ noDelay: true }, (near) => {
    near.on('error', () => near.destroy());
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect({ port: Number(target.port), host: target.hostname, noDelay: true });
    far.on('error', () => near.destroy());
    pairs.set(near, far);
    near.on('close', () => {
      pairs.delete(near);
      far.destroy();
    });
    far.on('close', () => near.destroy());
    far.pipe(near);
    if (state === 'whole') near.pipe(far);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  const breakAll = () => {
    for (const near of pairs.keys()) near.destroy();
  };
  return {
    url: url.href,
    cut() {
      state = 'cut';
      breakAll();
    },
    hold() {
      state = 'held';
      for (const [near, far] of pairs) {
        near.unpipe(far);
        near.pause();
      }
    },
    mend() {
      if (state === 'held') for (const [near, far] of pairs) near.pipe(far);
      state = 'whole';
    },
    async close() {
      server.close();
      breakAll();
      await once(server, 'close');
    },
  };
}
