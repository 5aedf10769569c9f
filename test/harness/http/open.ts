import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { pino } from 'pino';
import { createActivities } from '../../../activities/index.ts';
import { createInsuranceHttp } from '../../../activities/insurance/adapters/http.ts';
import { createApp, routesOf } from '../../../api/app.ts';
import { createInspector } from '../../../api/files/content/inspect.ts';
import { createAuthenticate } from '../../../api/http/auth.ts';
import { tokenSources } from '../../../api/http/issuers.ts';
import { serverOf } from '../../../api/http/server.ts';
import { createTemporalClient } from '../../../api/temporal.ts';
import { systemClock } from '../../../config/clock.ts';
import { builtBundle } from '../../../dev/stack/workflow-bundle.ts';
import { account } from '../../../dev/stand-ins/account.ts';
import { standInProviders } from '../../../dev/stand-ins/providers.ts';
import { startStandIns } from '../../../dev/stand-ins/start.ts';
import type { Channel, Role } from '../../../domain/vocabulary.ts';
import { estimator } from '../../../policy/calendar/arrangements.ts';
import { type Policies, policiesOf, policyInForce } from '../../../policy/versions.ts';
import { createAuditWriter } from '../../../store/audit/append.ts';
import { migrateAndSeed } from '../../../store/migrate.ts';
import { openStore } from '../../../store/open.ts';
import { temporalLogger } from '../../../worker/logger.ts';
import { ensureSearchAttributes } from '../../../worker/namespace.ts';
import { createWorkers, type Workers } from '../../../worker/worker.ts';
import { layCable } from '../database/cable.ts';
import { testKeyring as keyring } from '../keyring.ts';
import { liNa, type NamedPerson, personOf } from '../people.ts';
import { prompt, seedToday } from '../policy.ts';
import { type Namespace, openNamespace } from '../run/namespace.ts';
import { logTemporalTo } from '../run/temporal-log.ts';
import { enrol } from '../staff.ts';
import { until } from '../until.ts';
import { Caller } from './caller.ts';
import { breakInsurance } from './insurance-outage.ts';
import { nameRefusals } from './refusals.ts';
import { tokenIssuer } from './tokens.ts';

const logLines: string[] = [];
const log = pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) });
logTemporalTo(temporalLogger(log));

const { authToken: twilioAuthToken } = account;
const publicUrl = 'https://mente.example';
const insuranceHookSecret = 'with which the insurance core signs';

/**
 * Who an applicant is if not just anybody, and through which app they come if not 四川医保APP; of staff, who they are where
 * their token says that.
 */
interface Who {
  person?: NamedPerson;
  channel?: Channel;
}

export type Http = Awaited<ReturnType<typeof openHttp>>;

/**
 * The whole system as people meet it: the real app on a free port, over a database, a Temporal dev server, the real
 * worker and the providers' stand-ins. Api and worker each have their own line to the database, as separate processes
 * do.
 */
export async function openHttp({
  databaseUrl,
  policies = policiesOf([prompt]),
  requestsPerMinute,
  trustedProxies,
  clamdAddress,
}: {
  databaseUrl: string;
  policies?: Policies;
  requestsPerMinute?: number;
  trustedProxies?: string[];
  clamdAddress?: string;
}) {
  const env = await openNamespace();
  const namespace = env.namespace;
  await migrateAndSeed(databaseUrl, seedToday(policies));
  await ensureSearchAttributes(env.nativeConnection, namespace);
  const filesDir = await mkdtemp(join(tmpdir(), 'mente-files-'));
  const cables = { api: await layCable(databaseUrl), worker: await layCable(databaseUrl) };
  const brokenLine = ({ message }: Error) => log.debug(message);
  const options = { keyring, filesDir, estimate: estimator(policies), onError: brokenLine };
  const store = openStore({ ...options, url: cables.api.url });
  const workerSide = await workerOf(env, openStore({ ...options, url: cables.worker.url }), policies);
  const inspector = createInspector({ clamdAddress, log });
  const tokens = await tokenIssuer();
  const authenticate = createAuthenticate(tokenSources({ EMBEDDED_TOKEN_KEY: tokens.publicKey }), keyring.hash);
  const audit = createAuditWriter(store);
  const enrolled = new Map<string, Promise<void>>();
  const enrolOnce = (role: Role, subject: string) => {
    const key = `${role} ${subject}`;
    const enrolling = enrolled.get(key) ?? enrol(store, subject, role);
    enrolled.set(key, enrolling);
    // While the database is away it may fail: the next time tries again.
    enrolling.catch(() => enrolled.delete(key));
    return enrolling;
  };
  const serve = async (temporal: ReturnType<typeof createTemporalClient>, now = systemClock) => {
    const signatures = { insuranceHookSecret, twilioAuthToken, publicUrl };
    const context = {
      store,
      policies,
      temporal,
      audit,
      log,
      now,
      inspector,
      ...signatures,
      requestsPerMinute,
      trustedProxies,
    };
    const { url, close } = await listen(createApp(context, authenticate));
    nameRefusals(url, routesOf(context));
    const staffToken = async (role: Role, subject: string, who: Who) => {
      await enrolOnce(role, subject);
      return tokens.token([role], subject, who);
    };
    /** Somebody with a role; for the office's roles they are put on its list of staff. */
    const as = (role: Role, subject = `${role}-1`, who: Who = {}) => {
      if (role !== 'applicant') return new Caller(url, subject, staffToken(role, subject, who));
      const { person = personOf(subject), channel = 'scApp' } = who;
      const { name, idNumber } = person;
      const token = tokens.token([role], subject, { person, channel });
      return new Caller(url, subject, token, { person: { ...liNa, name, idNumber }, channel });
    };
    return { url, as, close };
  };
  const { url, as, close: closeServer } = await serve(createTemporalClient(env.connection, namespace, keyring));
  await workerSide.start();

  return {
    env,
    url,
    store,
    cables,
    hookSecret: insuranceHookSecret,
    twilioAuthToken,
    publicUrl,
    /** Everything that api and worker have logged, one JSON text a line. */
    logLines,
    startWorker: workerSide.start,
    stopWorker: workerSide.stop,
    sent: workerSide.sent,
    registrations: workerSide.registrations,
    breakInsurance: () => breakInsurance(workerSide.insuranceUrl),
    token: tokens.token,
    as,
    /** An applicant whom nobody has seen before, or this person, who files for themselves. */
    newApplicant: (who?: Who) => as('applicant', `applicant-${randomUUID()}`, who),
    /** Somebody with this token, or without any. */
    withToken: (token?: string) => new Caller(url, '', Promise.resolve(token)),

    /** Another api over the same store, whose clock shows this instant. */
    at: (instant: string) => serve(createTemporalClient(env.connection, namespace, keyring), () => instant),

    /**
     * Another api over the same store, for which there is no Temporal.
     * @param instant what its clock shows, unless it is the real one
     */
    async withoutTemporal(instant?: string) {
      const connection = Connection.lazy({ address: '127.0.0.1:1' });
      return serve(
        createTemporalClient(connection, namespace, keyring),
        instant === undefined ? systemClock : () => instant,
      );
    },

    /** Files a case and waits until its workflow has accepted it. */
    async openCase(applicant: Caller, changes?: Parameters<Caller['files']>[0]): Promise<string> {
      const acceptanceNumber = await applicant.files(changes);
      await until('the case is under review', async () => {
        return (await applicant.progress(acceptanceNumber)).body.status === 'underReview';
      });
      return acceptanceNumber;
    },

    async close() {
      await closeServer();
      inspector.close();
      await workerSide.close();
      await store.close();
      await Promise.all(Object.values(cables).map((cable) => cable.close()));
      await env.teardown();
      await rm(filesDir, { recursive: true, force: true });
    },
  };
}

async function listen(app: ReturnType<typeof createApp>) {
  const server = serverOf(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The worker, with providers that only keep what they are given. */
async function workerOf(env: Namespace, store: ReturnType<typeof openStore>, policies: Policies) {
  const { region } = policyInForce({ policies, now: systemClock }).city;
  const dataDir = await mkdtemp(join(tmpdir(), 'mente-stand-ins-'));
  const standIns = await startStandIns({ smtpPort: 0, httpPort: 0, ...account, region, dataDir });
  const { twilio, email } = standInProviders(standIns, account);
  const insurance = createInsuranceHttp({ baseUrl: standIns.insuranceUrl, token: account.insuranceToken });
  const onError = (activity: string) => log.error({ activity }, 'activity failed');
  const activities = createActivities({
    store,
    policies,
    now: systemClock,
    providers: { sms: { twilio }, email },
    twilioIsReal: false,
    workbenchUrl: 'https://workbench.example/cases/{acceptanceNumber}',
    settleMs: 0,
    insurance,
    onProvider: () => undefined,
    onDivergence: (found) => log.error(found, 'apart'),
    onMended: () => undefined,
    onRetained: () => undefined,
    onError,
  });
  const workflowBundle = { codePath: await builtBundle() };
  let running: { workers: Workers; ended: Promise<void> } | undefined;

  async function start() {
    const { nativeConnection: connection, namespace } = env;
    const parts = { connection, namespace, activities, onError, keyring, workflowBundle };
    const workers = await createWorkers(parts);
    running = { workers, ended: workers.run() };
  }
  async function stop() {
    running?.workers.shutdown();
    await running?.ended;
    running = undefined;
  }
  return {
    start,
    stop,
    insuranceUrl: standIns.insuranceUrl,
    /** What the insurance core was told by 2503, as its stand-in keeps it. */
    async registrations(): Promise<Record<string, unknown>[]> {
      const lines = (await readFile(join(dataDir, 'insurance.jsonl'), 'utf8')).split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
    },
    async sent(): Promise<{ to: string; body: string }[]> {
      return ((await (await fetch(`${standIns.twilioUrl}/notifications`)).json()) as { notifications: [] })
        .notifications;
    },
    async close() {
      await stop();
      email.close();
      await store.close();
      await standIns.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}
