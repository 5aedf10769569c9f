import { join } from 'node:path';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { runChild } from './child.ts';
import { createDataDir, dataDir } from './data-dir.ts';
import { type Lock, takeLock } from './lock.ts';
import { SharedSession } from './pglite-session.ts';

/** Far above the pools of an api and a worker: a connection costs nothing here, but one above the limit is cut. */
const MAX_CONNECTIONS = 200;
/**
 * A client that is silent inside a transaction holds up all others, so it is cut. A pool closes its idle connections
 * earlier by itself.
 */
const SILENCE_LIMIT_MS = 60_000;

/**
 * PostgreSQL without an installation: PGlite, which ordinary clients reach on 127.0.0.1:PGLITE_PORT. Its data is in
 * DATA_DIR/pglite, or where PGLITE_DATA says (`memory://` for tests).
 */
await runChild(async () => {
  const { PGLITE_DATA = join(dataDir(), 'pglite'), PGLITE_PORT = '5433' } = process.env;
  const lock = PGLITE_DATA.includes('://') ? undefined : await lockFolder(PGLITE_DATA);
  const db = new SharedSession(PGLITE_DATA);
  await db.waitReady;
  const server = new PGLiteSocketServer({
    db,
    host: '127.0.0.1',
    port: Number(PGLITE_PORT),
    maxConnections: MAX_CONNECTIONS,
    idleTimeout: SILENCE_LIMIT_MS,
  });
  await server.start();
  console.log(`PGlite listens on ${server.getServerConn()}, data in ${PGLITE_DATA}`);
  return async () => {
    await server.stop();
    await db.close();
    lock?.release();
  };
});

/** Waits for a predecessor that is still closing: two processes on the same folder would ruin it. */
async function lockFolder(folder: string): Promise<Lock> {
  createDataDir(folder);
  const lock = await takeLock(`${folder}.lock`, 10_000);
  if (!lock) throw new Error(`Another process has the database in ${folder} open.`);
  return lock;
}
