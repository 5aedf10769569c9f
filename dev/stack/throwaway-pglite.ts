import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';

/** PGlite behind its socket server, as `npm start` runs it, but in memory: gone when it stops. */
export async function startThrowawayPglite(): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await getPort({ host: '127.0.0.1' });
  const program = fileURLToPath(new URL('./pglite.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    env: { ...process.env, PGLITE_DATA: 'memory://', PGLITE_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const [outcome] = await Promise.race([once(child, 'message'), ended]);
  if (outcome !== 'ready') throw new Error('PGlite did not start');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop };
}
