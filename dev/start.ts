import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findTemporalCli } from './stack/binaries.ts';
import { createDataDir, dataDir, emptyDataDir } from './stack/data-dir.ts';
import { stopLeftoverServer } from './stack/leftover-server.ts';
import { takeLock } from './stack/lock.ts';
import { checkPorts } from './stack/ports.ts';
import { forgetStack, lockFile, writeStack } from './stack/running.ts';
import { loadSecrets } from './stack/secrets.ts';
import { type StackAddresses, type StackSettings, stackSettings } from './stack/settings.ts';
import { Supervisor } from './stack/supervisor.ts';
import { cachedBundle } from './stack/workflow-bundle.ts';

/** How long to wait until the ports of a stack that was killed are free. */
const PATIENCE_MS = 10_000;

const folder = dataDir();
let supervisor: Supervisor | undefined;
let ending = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
main().catch((error: Error) => void end(1, error.message));

/** `npm start [-- --fresh]`: the whole service on this machine, with nothing installed but Node and Python. */
async function main(): Promise<void> {
  const startedAt = performance.now();
  const unknown = process.argv.slice(2).filter((option) => option !== '--fresh');
  if (unknown.length > 0) throw new Error(`${unknown.join(' ')} is not an option of npm start; there is --fresh.`);
  const settings = stackSettings(process.env, folder);
  createDataDir(folder);
  const lock = await takeLock(lockFile(folder));
  if (!lock) {
    throw new Error(`A stack with its data in ${folder} is running already: stop it first, or set another DATA_DIR.`);
  }
  process.once('exit', lock.release);
  // Of a stack that was killed; this one may be reached elsewhere.
  forgetStack(folder);
  if (settings.ownTemporal) await findTemporalCli();
  if (lock.abandoned) await stopLeftoverServer(folder);
  await checkPorts(settings.ports, lock.abandoned ? PATIENCE_MS : 0);
  if (process.argv.includes('--fresh')) emptyDataDir(folder);
  console.log(`Starting, data in ${folder} …`);
  await bringUp(settings);
  console.log(banner(settings.addresses, performance.now() - startedAt));
}

async function bringUp({ ownDatabase, ownTemporal, addresses, childEnv }: StackSettings): Promise<void> {
  const env = childEnv(await loadSecrets(folder));
  if (env.FILES_DIR) mkdirSync(env.FILES_DIR, { recursive: true });
  let isUp = false;
  const stack = new Supervisor({
    env,
    logDir: join(folder, 'logs'),
    show: (line) => console.error(line),
    onReady: () => isUp && writeStack(folder, { ...addresses, pids: stack.pids }),
    onGiveUp: (reason) => void end(1, reason),
  });
  supervisor = stack;
  const bundle = env.WORKFLOW_BUNDLE ? undefined : cachedBundle();
  if (bundle) env.WORKFLOW_BUNDLE = bundle.path;
  await Promise.all([
    stack.start(
      ...(ownTemporal ? [{ name: 'temporal', script: 'dev/stack/temporal-server.ts' }] : []),
      ...(ownDatabase ? [{ name: 'pglite', script: 'dev/stack/pglite.ts' }] : []),
      { name: 'stand-ins', script: 'dev/stack/stand-ins.ts' },
    ),
    bundle?.exists === false ? stack.runOnce({ name: 'bundle', script: 'dev/stack/build-bundle.ts' }) : undefined,
  ]);
  await stack.runOnce({ name: 'migrations', script: 'admin/migrate.ts' });
  await stack.start({ name: 'worker', script: 'worker/main.ts' }, { name: 'api', script: 'api/main.ts' });
  isUp = true;
  writeStack(folder, { ...addresses, pids: stack.pids });
}

/** Stops everything and exits; only the first call counts. */
async function end(code: number, reason?: string): Promise<void> {
  if (ending) return;
  ending = true;
  if (reason) console.error(reason);
  if (supervisor) {
    console.error('Stopping …');
    await supervisor.stop();
    forgetStack(folder);
  }
  process.exit(code);
}

function banner({ apiUrl, temporalUiUrl, outboxUrl }: StackAddresses, ms: number): string {
  const elsewhere = process.env.DATA_DIR ? `DATA_DIR=${folder} ` : '';
  return `
Ready after ${(ms / 1000).toFixed(1)} s.

  API            ${apiUrl}
  API docs       ${apiUrl}/docs${temporalUiUrl ? `\n  Temporal Web   ${temporalUiUrl}` : ''}
  Notifications  ${outboxUrl}

Try this in another terminal:

  curl -s ${apiUrl}/v1/catalogue
  TOKEN=$(${elsewhere}npm run -s token -- reviewer)
  curl -s ${apiUrl}/v1/worklist -H "Authorization: Bearer $TOKEN"

Data and logs are in ${folder}. Ctrl-C stops everything.
`;
}
