import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { FoundApart } from '../../activities/dependencies.ts';
import { createActivities } from '../../activities/index.ts';
import { createInsuranceHttp } from '../../activities/insurance/adapters/http.ts';
import { startApplication } from '../../api/cases/start.ts';
import { systemClock } from '../../config/clock.ts';
import type { Arrangement } from '../../domain/calendar/working-days.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import type { Policy } from '../../policy/schema.ts';
import { seedOf } from '../../policy/seed.ts';
import { policiesOf } from '../../policy/versions.ts';
import { type Filing, fileApplication } from '../../store/cases/filing.ts';
import { findApplication } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { Keyring } from '../../store/encryption/keyring.ts';
import { migrateAndSeed } from '../../store/migrate.ts';
import { openStore } from '../../store/open.ts';
import { ensureSearchAttributes } from '../../worker/namespace.ts';
import { createWorkers, type Workers } from '../../worker/worker.ts';
import { findTestServer } from '../stack/binaries.ts';
import { builtBundle } from '../stack/workflow-bundle.ts';
import { account } from '../stand-ins/account.ts';
import { standInProviders } from '../stand-ins/providers.ts';
import { startStandIns } from '../stand-ins/start.ts';

export interface SentNotification {
  kind: 'sms' | 'email';
  to: string;
  body: string;
}

export interface OfficeOptions {
  /** The Temporal server, which the office tears down when it closes. */
  temporal: TestWorkflowEnvironment;
  /** An empty database. */
  databaseUrl: string;
  /** Applies on every date. */
  policy: Policy;
  keyring: Keyring;
  /** The arrangement of a year without a circular. */
  estimate(year: number): Arrangement;
  /** With true, Alibaba takes the 短信 that Twilio doesn't. */
  bothSmsProviders?: boolean | undefined;
  /** 0 makes the worker replay a case at each step, as if it had just been restarted. */
  maxCachedWorkflows?: number | undefined;
}

export type Office = Awaited<ReturnType<typeof openOffice>>;

/**
 * Everything that a case needs, in one process, for the tests and the simulation: a Temporal server, the store, the
 * providers' stand-ins, and the real worker, running between them.
 */
export async function openOffice(options: OfficeOptions) {
  const {
    temporal: env,
    databaseUrl,
    policy,
    keyring,
    estimate,
    bothSmsProviders = false,
    maxCachedWorkflows,
  } = options;
  const standIns = await startStandIns({ smtpPort: 0, httpPort: 0, ...account, region: policy.city.region });
  const filesDir = await mkdtemp(join(tmpdir(), 'mente-files-'));
  const policies = policiesOf([policy]);
  await migrateAndSeed(databaseUrl, { ...seedOf(policies, shanghaiDate(systemClock())), keyring });
  const store = openStore({ url: databaseUrl, keyring, filesDir, estimate, onError: () => undefined });
  const namespace = env.namespace ?? 'default';
  await ensureSearchAttributes(env.nativeConnection, namespace);
  const { twilio, aliyun, email } = standInProviders(standIns, account);
  const insurance = createInsuranceHttp({ baseUrl: standIns.insuranceUrl, token: account.insuranceToken });
  const errors: unknown[] = [];
  const onError = (_: string, error: unknown) => errors.push(error);
  const mended: FoundApart[] = [];
  const activities = createActivities({
    store,
    policies,
    now: systemClock,
    providers: { sms: bothSmsProviders ? { twilio, aliyun: await aliyun() } : { twilio }, email },
    twilioIsReal: false,
    workbenchUrl: 'https://workbench.example/cases/{acceptanceNumber}',
    // Time that the server skips doesn't pass for the providers, so nothing may wait for it.
    settleMs: 0,
    circuitRestMs: 1,
    insurance,
    onProvider: () => undefined,
    onDivergence: (found) => errors.push(found),
    onMended: (found) => mended.push(found),
    onRetained: () => undefined,
    onError,
  });
  const connection = env.nativeConnection;
  const workflowBundle = { codePath: await builtBundle() };
  let running: { workers: Workers; ended: Promise<void> } | undefined;

  async function startWorker(): Promise<void> {
    const parts = { connection, namespace, activities, onError, keyring, workflowBundle };
    const workers = await createWorkers({
      ...parts,
      ...(maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows }),
    });
    running = { workers, ended: workers.run() };
  }

  async function stopWorker(): Promise<void> {
    running?.workers.shutdown();
    await running?.ended;
    running = undefined;
  }

  await startWorker();

  return {
    env,
    store,
    email,
    errors,
    /** Differences between store and workflows that housekeeping has found. */
    mended,
    client: env.client,
    standIns,
    outboxUrl: standIns.twilioUrl,
    startWorker,
    stopWorker,

    /** The instant that the server's clock shows. */
    now: async () => new Date(await env.currentTimeMs()).toISOString(),

    /** Lets the server's clock run on until an instant. */
    async until(instant: string): Promise<void> {
      await env.sleep(Math.max(0, Date.parse(instant) - (await env.currentTimeMs())));
    },

    /** Files an application and starts its workflow, as the api does. */
    async submit(filing: Filing) {
      const { acceptanceNumber, type, channel } = filing;
      await fileApplication(store, filing);
      const { state } = (await findApplication(store, acceptanceNumber)) as ApplicationRow;
      await startApplication(env.client, { acceptanceNumber, type, channel, state });
      return env.client.workflow.getHandle(acceptanceNumber);
    },

    async sent(): Promise<SentNotification[]> {
      const response = await fetch(`${standIns.twilioUrl}/notifications`);
      return ((await response.json()) as { notifications: SentNotification[] }).notifications;
    },

    async close(): Promise<void> {
      await stopWorker();
      email.close();
      await store.close();
      await standIns.stop();
      await env.teardown();
      await rm(filesDir, { recursive: true, force: true });
    },
  };
}

/** A server whose clock runs ahead to whatever comes next. */
export async function startSkippingServer(): Promise<TestWorkflowEnvironment> {
  const executable = { type: 'existing-path' as const, path: await findTestServer() };
  return TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
}
