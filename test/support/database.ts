import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startPostgres } from './postgres.ts';

/** A database server of a test's own, empty. */
export interface TestDatabase {
  url: string;
  stop(): Promise<void>;
}

/** PGlite behind its socket server, as `npm start` runs it, in memory. */
export async function startPglite(): Promise<TestDatabase> {
  const port = await freePort();
  const program = fileURLToPath(new URL('../../dev/pglite.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    env: { ...process.env, PGLITE_DATA: 'memory://', PGLITE_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const [said] = await Promise.race([once(child, 'message'), ended]);
  if (said !== 'ready') throw new Error('PGlite did not start');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop };
}

/** A PostgreSQL server where there is one, else PGlite: for tests that are not about the store. */
export async function startAnyDatabase(): Promise<TestDatabase> {
  const server = await startPostgres();
  return 'missing' in server ? startPglite() : { url: server.adminUrl, stop: server.stop };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
