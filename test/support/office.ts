import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { sql } from 'drizzle-orm';
import { createSmtp } from '../../activities/adapters/smtp.ts';
import { createTwilio } from '../../activities/adapters/twilio.ts';
import { createActivities } from '../../activities/index.ts';
import { startApplication } from '../../api/start.ts';
import { findTemporalCli, findTestServer } from '../../dev/binaries.ts';
import { startStandIns } from '../../dev/stand-ins/start.ts';
import { submittedApplication } from '../../domain/application.ts';
import { shanghaiDate, yearOf } from '../../domain/dates.ts';
import { estimator } from '../../policy/calendar.ts';
import type { Policy } from '../../policy/schema.ts';
import { type Filing, fileApplication } from '../../store/applications.ts';
import { migrateAndSeed } from '../../store/migrate.ts';
import { arrangement, calendar } from '../../store/schema.ts';
import { openStore, type Store } from '../../store/store.ts';
import { ensureSearchAttributes } from '../../worker/namespace.ts';
import { createWorker } from '../../worker/worker.ts';
import { type Progress, progress } from '../../workflows/messages.ts';
import { startAnyDatabase } from './database.ts';
import { testKeyring } from './keyring.ts';
import { filing } from './people.ts';
import { policy as shippedPolicy } from './policy.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'secret' };
const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));

export interface SentMessage {
  kind: 'sms' | 'email';
  to: string;
  body: string;
}

export interface OfficeOptions {
  /** The time-skipping test server, or the dev server, where time passes as it does. */
  server?: 'time-skipping' | 'dev';
  policy?: Policy;
  /** 0 makes the worker replay a case at each step, as if it had just been restarted. */
  maxCachedWorkflows?: number;
}

async function startTemporal(server: 'time-skipping' | 'dev'): Promise<TestWorkflowEnvironment> {
  const existing = (path: string) => ({ server: { executable: { type: 'existing-path' as const, path } } });
  return server === 'dev'
    ? TestWorkflowEnvironment.createLocal(existing(await findTemporalCli()))
    : TestWorkflowEnvironment.createTimeSkipping(existing(await findTestServer()));
}

export type Office = Awaited<ReturnType<typeof openOffice>>;

/**
 * Everything a case needs, for tests: a Temporal server, a database, the providers' stand-ins, and the real worker
 * between them, running.
 */
export async function openOffice(options: OfficeOptions = {}) {
  const { server = 'time-skipping', policy = shippedPolicy, ...workerOptions } = options;
  const env = await startTemporal(server);
  const database = await startAnyDatabase();
  const standIns = await startStandIns({ smtpPort: 0, httpPort: 0, ...account });
  const filesDir = await mkdtemp(join(tmpdir(), 'mente-files-'));
  await migrateAndSeed(database.url, policy);
  const { url } = database;
  const store = openStore({
    url,
    keyring: testKeyring,
    filesDir,
    estimate: estimator(policy),
    onError: () => undefined,
  });
  const namespace = env.namespace ?? 'default';
  await ensureSearchAttributes(env.nativeConnection, namespace);
  const smtp = createSmtp(standIns.smtpUrl, '门特认定 <mente@pzh-ybj.example>');
  const sms = createTwilio({ ...account, from: '+8612393', baseUrl: standIns.twilioUrl });
  const errors: unknown[] = [];
  const activities = createActivities({
    store,
    policy,
    providers: { sms, email: smtp },
    onError: (_, error) => errors.push(error),
  });
  const connection = env.nativeConnection;
  const workflowBundle = await bundle();
  let worker: Worker;
  let running: Promise<void> | undefined;

  async function startWorker(): Promise<void> {
    worker = await createWorker({
      connection,
      namespace,
      activities,
      keyring: testKeyring,
      workflowBundle,
      ...workerOptions,
    });
    running = worker.run();
  }

  async function stopWorker(): Promise<void> {
    if (running) worker.shutdown();
    await running;
    running = undefined;
  }

  await startWorker();

  return {
    env,
    store,
    errors,
    client: env.client,
    outboxUrl: standIns.twilioUrl,
    startWorker,
    stopWorker,

    /** Files an application on the day that the server's clock shows, and starts its workflow. */
    async file(overrides: Partial<Filing> = {}) {
      const filed = filing(new Date(await env.currentTimeMs()).toISOString(), overrides);
      await fileApplication(store, filed);
      const state = submittedApplication({ acceptedOn: filed.acceptedOn, workingDays: filed.workingDays, pauses: [] });
      const { acceptanceNumber, type, channel } = filed;
      await startApplication(env.client, { acceptanceNumber, type, channel, state });
      const handle = env.client.workflow.getHandle(acceptanceNumber);
      const { runId } = await handle.describe();
      return { ...filed, handle, runId, progress: (): Promise<Progress> => handle.query(progress) };
    },

    /** Runs a history again; throws where the code would now decide otherwise. */
    async replay(history: unknown): Promise<void> {
      await Worker.runReplayHistory({ workflowBundle }, history);
    },

    /** Lets the server's clock run on until an instant. */
    async until(instant: string): Promise<void> {
      await env.sleep(Math.max(0, Date.parse(instant) - (await env.currentTimeMs())));
    },

    async sent(): Promise<SentMessage[]> {
      const response = await fetch(`${standIns.twilioUrl}/messages`);
      return ((await response.json()) as { messages: SentMessage[] }).messages;
    },

    async close() {
      await stopWorker();
      smtp.close();
      await store.close();
      await standIns.stop();
      await env.teardown();
      await database.stop();
      await rm(filesDir, { recursive: true, force: true });
    },
  };
}

let bundled: Promise<WorkflowBundle> | undefined;
function bundle(): Promise<WorkflowBundle> {
  bundled ??= bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  return bundled;
}

/**
 * Puts a calendar of the test's own in force, for this year and the next ones: weekends, and the given days off.
 * Expected dates then don't depend on the day on which the suite runs.
 */
export async function publishTestCalendar(
  store: Store,
  from: string,
  daysOff: Record<string, string> = {},
  makeUpDays: Record<string, string> = {},
): Promise<void> {
  const first = yearOf(shanghaiDate(from));
  await store.db.transaction(async (tx) => {
    const [row] = await tx
      .update(calendar)
      .set({ version: sql`${calendar.version} + 1` })
      .returning({ version: calendar.version });
    const version = row?.version as number;
    for (const year of [first, first + 1, first + 2, first + 3]) {
      await tx.insert(arrangement).values({
        year,
        version,
        daysOff: ofYear(daysOff, year),
        makeUpDays: ofYear(makeUpDays, year),
        notice: `测试〔${year}〕${version}号`,
      });
    }
  });
}

function ofYear(days: Record<string, string>, year: number): Record<string, string> {
  return Object.fromEntries(Object.entries(days).filter(([date]) => yearOf(date) === year));
}
