import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';

const INITDB_LIMIT_MS = 60_000;
const READY_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 15_000;
const PORT_ATTEMPTS = 3;

/**
 * A running server. `adminUrl` logs in as a superuser who may create databases; `stop` ends it and removes its folder.
 */
export interface PostgresServer {
  adminUrl: string;
  stop(): Promise<void>;
}

/** Why there is no server: one sentence, for the name of a skipped test. */
export interface NoPostgres {
  missing: string;
}

/** A server that can be ended in any way and started again on its data: what it has committed outlives it. */
export interface DurablePostgres {
  /** Logs in as a superuser. */
  adminUrl: string;
  launch(): ChildProcess;
  remove(): Promise<void>;
}

interface Account {
  uid: number;
  gid: number;
}

/** What a server is started from. */
interface Cluster {
  folder: string;
  bin: string;
  account: Account | undefined;
}

/**
 * A real PostgreSQL server for the tests: the one that TEST_DATABASE_URL names, or else a temporary one on 127.0.0.1.
 * Answers `missing` where PostgreSQL isn't installed. One that is installed and doesn't start is an error with
 * what it printed, so that a broken server never passes for a skipped test.
 */
export async function startPostgres(): Promise<PostgresServer | NoPostgres> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { adminUrl: given, stop: async () => {} };

  const cluster = await newCluster();
  if ('missing' in cluster) return cluster;
  try {
    return await startIn(cluster);
  } catch (error) {
    await rm(cluster.folder, { recursive: true, force: true });
    throw error;
  }
}

/** A server of the caller's own that keeps what it commits as one in production does; nothing runs yet. */
export async function durablePostgres(): Promise<DurablePostgres | NoPostgres> {
  const cluster = await newCluster();
  if ('missing' in cluster) return cluster;
  const port = await getPort({ host: '127.0.0.1' });
  return {
    adminUrl: urlOf(port),
    launch: () => launch(cluster, listensOn(port), 'ignore'),
    remove: () => rm(cluster.folder, { recursive: true, force: true }),
  };
}

async function newCluster(): Promise<Cluster | NoPostgres> {
  const bin = await findBinaries();
  if (!bin) {
    return { missing: 'PostgreSQL is not installed here: no initdb on the PATH or in /usr/lib/postgresql/*/bin.' };
  }
  const account = unprivilegedAccount();
  if (account === 'none') {
    return {
      missing: 'PostgreSQL refuses to run as root, and this machine has neither a postgres nor a nobody account.',
    };
  }
  const folder = await mkdtemp(join(tmpdir(), 'mente-postgres-'));
  try {
    if (account) await chown(folder, account.uid, account.gid);
    await initialize({ folder, bin, account });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return { folder, bin, account };
}

/**
 * The folder that holds both programs: on the PATH (often links) or where Debian keeps them, the newest version first.
 */
export async function findBinaries(): Promise<string | undefined> {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...versions.map((v) => join(debian, v, 'bin'))];
  for (const folder of folders) {
    const initdb = join(folder, 'initdb');
    if (!folder || !existsSync(initdb)) continue;
    const real = dirname(await realpath(initdb));
    if (existsSync(join(real, 'postgres'))) return real;
  }
  return undefined;
}

/** PostgreSQL won't run as root: then another account; otherwise our own (undefined). */
function unprivilegedAccount(): Account | undefined | 'none' {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = ['postgres', 'nobody'].map((name) => accounts.find((a) => a[0] === name)).find(Boolean);
  return found ? { uid: Number(found[2]), gid: Number(found[3]) } : 'none';
}

const optionsOf = ({ folder, account }: Cluster) => ({ cwd: folder, env: { ...process.env, LC_ALL: 'C' }, ...account });

async function initialize(cluster: Cluster): Promise<void> {
  const data = join(cluster.folder, 'data');
  await promisify(execFile)(
    join(cluster.bin, 'initdb'),
    ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
    { ...optionsOf(cluster), timeout: INITDB_LIMIT_MS },
  );
}

async function startIn(cluster: Cluster): Promise<PostgresServer> {
  let printed = '';
  // It can't listen on port 0, and another program may take the port in between.
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
    const port = await getPort({ host: '127.0.0.1' });
    const server = launch(cluster, [...listensOn(port), ...forgetful], 'pipe');
    const outcome = await untilReady(server);
    if (outcome.ready) return { adminUrl: urlOf(port), stop: () => stop(server, cluster.folder) };
    printed = outcome.printed;
    await end(server);
  }
  throw new Error(`PostgreSQL did not start:\n${printed}`);
}

const urlOf = (port: number) => `postgres://postgres@127.0.0.1:${port}/postgres`;

function launch(cluster: Cluster, settings: string[], stderr: 'pipe' | 'ignore'): ChildProcess {
  const postgres = [join(cluster.bin, 'postgres'), '-D', join(cluster.folder, 'data')];
  const [program, ...args] = [...endsWithUs('INT'), ...postgres, ...settings.flatMap((value) => ['-c', value])];
  return spawn(program as string, args, { ...optionsOf(cluster), stdio: ['ignore', 'ignore', stderr] });
}

/** What to begin a command with: on Linux the kernel sends it the signal when this process dies, however it dies. */
export function endsWithUs(signal: 'INT' | 'TERM' | 'KILL'): string[] {
  return process.platform === 'linux' ? ['setpriv', '--pdeathsig', signal] : [];
}

/** Nobody from outside this machine may connect. */
function listensOn(port: number): string[] {
  return [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
}

/** Data of a test needn't survive a power cut. */
const forgetful = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** Goes by what the server itself says: a connection might reach a stranger on the same port. */
function untilReady(server: ChildProcess): Promise<{ ready: boolean; printed: string }> {
  return new Promise((resolve) => {
    let printed = '';
    const settle = (ready: boolean) => {
      clearTimeout(limit);
      resolve({ ready, printed });
    };
    const limit = setTimeout(() => settle(false), READY_LIMIT_MS);
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.includes('ready to accept connections')) settle(true);
    });
    server.once('error', (error) => {
      printed += error.message;
      settle(false);
    });
    server.once('exit', () => settle(false));
  });
}

async function stop(server: ChildProcess, folder: string): Promise<void> {
  await end(server);
  await rm(folder, { recursive: true, force: true });
}

/** SIGINT is PostgreSQL's fast shutdown: clients are cut off, its own children end with it. */
async function end(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGINT');
  const limit = setTimeout(() => server.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(limit);
}
