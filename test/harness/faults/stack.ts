import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import getPort from 'get-port';
import { Client as Sql } from 'pg';
import { createTemporalClient } from '../../../api/temporal.ts';
import { findTemporalCli } from '../../../dev/stack/binaries.ts';
import { builtBundle } from '../../../dev/stack/workflow-bundle.ts';
import { account } from '../../../dev/stand-ins/account.ts';
import type { OutboxNotification } from '../../../dev/stand-ins/outbox.ts';
import { startStandIns } from '../../../dev/stand-ins/start.ts';
import type { Policy } from '../../../policy/schema.ts';
import { policiesOf } from '../../../policy/versions.ts';
import { migrateAndSeed } from '../../../store/migrate.ts';
import { type DurablePostgres, endsWithUs } from '../database/postgres.ts';
import { dataKey, hashKey, openTestStore } from '../database/store.ts';
import { tokenIssuer } from '../http/tokens.ts';
import type { NamedPerson } from '../people.ts';
import { prompt, seedToday } from '../policy.ts';
import { knowsNamespace } from '../run/temporal.ts';
import { Program } from './processes.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

export type Stack = Awaited<ReturnType<typeof startStack>>;
export type ProgramName = 'worker' | 'second' | 'api' | 'database' | 'temporal';

/** A registration, as the stand-in for the insurance core has written it down. */
export interface Registered {
  kind: 'registered' | 'revoked';
  requestId: string;
  idNumber: string;
  accreditation: { registrationNumber: string };
}

/** The providers of 短信, in the order in which they are asked. */
type SmsProviders = Policy['notifying']['smsProviders'];

/**
 * The shipped policy, whose notifications leave at once, and with a rejection that may be resubmitted for a year, for an
 * appeal that is too late.
 */
const policyWith = (smsProviders: SmsProviders): Policy => ({
  ...prompt,
  notifying: { ...prompt.notifying, smsProviders },
  clocks: { ...prompt.clocks, resubmission: { ...prompt.clocks.resubmission, days: 365 } },
});

/** What a stack has of its own. */
export interface StackSettings {
  /** Of the programs, beside those that they need. */
  env?: Record<string, string>;
  /** One that finds a notification by its id, so that what it has taken can be counted, unless told otherwise. */
  smsProviders?: SmsProviders;
}

/**
 * The service as an operator runs it, each program a process that can be killed or frozen: PostgreSQL and Temporal
 * keep their data on the disk. Only the providers' stand-ins live in this process, and outlive everything.
 */
export async function startStack(postgres: DurablePostgres, settings: StackSettings = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'mente-faults-'));
  const standIns = await startStandIns({ smtpPort: 0, httpPort: 0, ...account, dataDir: folder });
  const tokens = await tokenIssuer();
  const databaseUrl = postgres.adminUrl.replace(/postgres$/, 'mente');
  const temporalPort = await getPort({ host: '127.0.0.1' });
  const temporalFile = join(folder, 'temporal.db');
  const policy = policyWith(settings.smsProviders ?? ['aliyun']);
  const env = { ...(await settingsOf(folder, policy, databaseUrl, temporalPort, standIns)), ...settings.env };
  env.EMBEDDED_TOKEN_KEY = tokens.publicKey;
  env.WORKFLOW_BUNDLE = await builtBundle();

  const cli = await findTemporalCli();
  const programs: Record<ProgramName, Program> = {
    database: new Program('database', postgres.launch, () => answersSql(postgres.adminUrl)),
    temporal: new Program(
      'temporal',
      () => launchTemporal(cli, temporalPort, temporalFile, folder),
      () => knowsNamespace(env.TEMPORAL_ADDRESS as string),
    ),
    worker: await nodeProgram('worker', 'worker/main.ts', 'HEALTH_PORT', env, folder),
    second: await nodeProgram('second', 'worker/main.ts', 'HEALTH_PORT', env, folder),
    api: await nodeProgram('api', 'api/main.ts', 'PORT', env, folder),
  };
  const killAll = () => Promise.all(Object.values(programs).map((program) => program.kill()));
  try {
    await Promise.all([programs.database.start(), programs.temporal.start()]);
    await sql(postgres.adminUrl, 'create database mente');
    await migrateAndSeed(databaseUrl, seedToday(policiesOf([policy])));
    await Promise.all([programs.worker.start(), programs.api.start()]);
  } catch (error) {
    await killAll();
    throw error;
  }
  const store = await openTestStore(databaseUrl);

  return {
    ...programs,
    programs,
    folder,
    env,
    store,
    temporalFile,
    databaseUrl,
    origin: `http://127.0.0.1:${env.PORT}`,
    token: (role: string, subject: string, who: { person?: NamedPerson } = {}) =>
      tokens.token([role], subject, { expires: '2h', ...who }),
    /** As a superuser, beside the service's database unless told otherwise. */
    sql: (text: string, url = postgres.adminUrl) => sql(url, text),

    /** A client of its own: one that has met a dead server waits long before it tries again. */
    async withTemporal<Result>(use: (client: ReturnType<typeof createTemporalClient>) => Promise<Result>) {
      const connection = await Connection.connect({ address: env.TEMPORAL_ADDRESS as string, connectTimeout: '5s' });
      try {
        return await use(createTemporalClient(connection, 'default', store.keyring));
      } finally {
        await connection.close();
      }
    },

    async sent(): Promise<OutboxNotification[]> {
      return (
        (await (await fetch(`${standIns.twilioUrl}/notifications`)).json()) as { notifications: OutboxNotification[] }
      ).notifications;
    },
    registrations: (): Registered[] => linesOf(join(folder, 'insurance.jsonl')) as Registered[],

    async close(): Promise<void> {
      await killAll();
      await store.close();
      await standIns.stop();
      await postgres.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function settingsOf(
  folder: string,
  policy: Policy,
  databaseUrl: string,
  temporalPort: number,
  { aliyunUrl, twilioUrl, insuranceUrl, smtpUrl }: Awaited<ReturnType<typeof startStandIns>>,
): Promise<Record<string, string>> {
  const port = String(await getPort({ host: '127.0.0.1' }));
  const policyFile = join(folder, 'policy.yaml');
  writeFileSync(policyFile, JSON.stringify(policy)); // JSON is YAML
  return {
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
    POLICY_FILE: policyFile,
    FILES_DIR: folder,
    DATA_KEYS: dataKey('k1', 7),
    DATA_HASH_KEY: hashKey,
    ALIYUN_ACCESS_KEY_ID: account.accessKeyId,
    ALIYUN_ACCESS_KEY_SECRET: account.accessKeySecret,
    ALIYUN_SIGN_NAME: '攀枝花医保',
    ALIYUN_ENDPOINT: aliyunUrl,
    TWILIO_ACCOUNT_SID: account.accountSid,
    TWILIO_AUTH_TOKEN: account.authToken,
    TWILIO_FROM: '+8613900000000',
    TWILIO_BASE_URL: twilioUrl,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    INSURANCE_URL: insuranceUrl,
    INSURANCE_TOKEN: account.insuranceToken,
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'mente@pzh-ybj.example',
    WORKBENCH_URL: 'http://127.0.0.1:3000/v1/applications/{acceptanceNumber}',
    PORT: port,
    REQUESTS_PER_MINUTE: '1000000',
    LOG_LEVEL: 'warn',
  };
}

/** One of our programs, as an operator runs it. @param portName the setting that says where it answers `/healthz` */
async function nodeProgram(
  name: string,
  script: string,
  portName: 'PORT' | 'HEALTH_PORT',
  env: Record<string, string>,
  folder: string,
): Promise<Program> {
  const port = env[portName] ?? String(await getPort({ host: '127.0.0.1' }));
  const launch = () => {
    const command = [process.execPath, '--import', 'tsx', script];
    return launchLogged(command, { ...process.env, ...env, [portName]: port }, join(folder, `${name}.log`));
  };
  return new Program(name, launch, async () => {
    const signal = AbortSignal.timeout(2_000);
    return (await fetch(`http://127.0.0.1:${port}/healthz`, { signal }).catch(() => undefined))?.ok === true;
  });
}

function launchTemporal(cli: string, port: number, file: string, folder: string): ChildProcess {
  const where = ['--ip', '127.0.0.1', '--port', String(port), '--headless', '--db-filename', file];
  const command = [cli, 'server', 'start-dev', ...where, '--log-level', 'error'];
  return launchLogged(command, process.env, join(folder, 'temporal.log'));
}

function launchLogged(command: string[], env: NodeJS.ProcessEnv, logFile: string): ChildProcess {
  const [program, ...args] = [...endsWithUs('KILL'), ...command] as [string, ...string[]];
  const child = spawn(program, args, {
    cwd: repository,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A Ctrl-C is for the test, which ends them in its own order.
    detached: true,
  });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  child.once('close', () => log.end());
  return child;
}

async function answersSql(url: string): Promise<boolean> {
  return sql(url, 'select 1').then(
    () => true,
    () => false,
  );
}

async function sql(connectionString: string, text: string) {
  const client = new Sql({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function linesOf(file: string): unknown[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line));
}
