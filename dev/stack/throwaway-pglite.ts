import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** PGlite behind its socket server, as `npm start` runs it, but in memory: gone when it stops. */
export async function startThrowawayPglite(): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const program = fileURLToPath(new URL('./pglite.ts', import.meta.url));
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

/** A port of 127.0.0.1 that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
