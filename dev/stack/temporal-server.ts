import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findTemporalCli } from './binaries.ts';
import { runChild } from './child.ts';
import { createDataDir, dataDir } from './data-dir.ts';
import { stopLeftoverServer, temporalFiles } from './leftover-server.ts';

const run = promisify(execFile);
const READY_LIMIT_MS = 60_000;

/** Temporal's dev server with Temporal Web, its data in DATA_DIR/temporal.db. */
await runChild(async () => {
  const { TEMPORAL_PORT = '7233', TEMPORAL_UI_PORT = '8233', TEMPORAL_NAMESPACE: namespace = 'default' } = process.env;
  const folder = dataDir();
  createDataDir(folder);
  const { database, pidFile } = temporalFiles(folder);
  const cli = await findTemporalCli();
  await stopLeftoverServer(folder);

  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', TEMPORAL_PORT, '--ui-port', TEMPORAL_UI_PORT];
  args.push('--db-filename', database, '--namespace', namespace, '--log-level', 'error', '--ui-disable-news-fetch');
  // Its stderr goes to stdout, and so only into the log file: it complains there whenever it is stopped.
  const server = spawn(cli, args, { stdio: ['ignore', 'inherit', 1] });
  server.once('exit', died);
  process.once('exit', () => server.kill('SIGTERM'));
  writeFileSync(pidFile, String(server.pid));
  const address = `127.0.0.1:${TEMPORAL_PORT}`;
  await untilReady(() => answers(cli, address, namespace, `http://127.0.0.1:${TEMPORAL_UI_PORT}`));
  console.log(`Temporal answers on ${address}, data in ${database}`);
  return async () => {
    server.off('exit', died);
    await stopLeftoverServer(folder);
  };
});

/** Ends this process with the server: the supervisor starts both again. */
function died(this: ChildProcess): void {
  console.error(`The Temporal server ended (${this.signalCode ?? this.exitCode}).`);
  process.exit(1);
}

async function untilReady(isReady: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await isReady())) {
    if (Date.now() > deadline) throw new Error(`Temporal did not answer within ${READY_LIMIT_MS / 1000} s.`);
    await wait(50);
  }
}

/** Whether Temporal Web answers and the gRPC interface knows the namespace (asked second, as that costs a process). */
async function answers(cli: string, address: string, namespace: string, ui: string): Promise<boolean> {
  try {
    const page = await fetch(ui);
    if (!page.ok) return false;
    await run(cli, ['operator', 'namespace', 'describe', namespace, '--address', address]);
    return true;
  } catch {
    return false;
  }
}
