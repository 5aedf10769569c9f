import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import getPort from 'get-port';
import { builtBundle } from '../dev/stack/workflow-bundle.ts';
import { account } from '../dev/stand-ins/account.ts';
import { startStandIns } from '../dev/stand-ins/start.ts';
import { openAnyDatabase, type TestDatabase } from './harness/database/any.ts';
import { Caller } from './harness/http/caller.ts';
import { tokenIssuer } from './harness/http/tokens.ts';
import { personOf } from './harness/people.ts';
import { type Namespace, openNamespace } from './harness/run/namespace.ts';
import { until } from './harness/until.ts';

/** A program that bundles the workflows as it starts takes some seconds, and longer beside two other test files. */
const START_LIMIT_MS = 60_000;
const repository = fileURLToPath(new URL('..', import.meta.url));
const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');

/** The two programs as an operator runs them: by themselves, against a given Temporal and a given database. */
describe('npm run migrate, start:worker and start:api', () => {
  const children = new Map<string, ChildProcess>();
  let temporal: Namespace;
  let database: TestDatabase;
  let standIns: Awaited<ReturnType<typeof startStandIns>>;
  let settings: Record<string, string>;
  let tokens: Awaited<ReturnType<typeof tokenIssuer>>;
  let filesDir: string;

  beforeAll(async () => {
    temporal = await openNamespace();
    database = await openAnyDatabase();
    standIns = await startStandIns({ smtpPort: 0, httpPort: 0, ...account });
    tokens = await tokenIssuer();
    filesDir = await mkdtemp(join(tmpdir(), 'mente-files-'));
    settings = {
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      FILES_DIR: filesDir,
      DATA_KEYS: `k1:${key(1)}`,
      DATA_HASH_KEY: key(2),
      TWILIO_ACCOUNT_SID: account.accountSid,
      TWILIO_AUTH_TOKEN: account.authToken,
      TWILIO_FROM: '+12025550100',
      TWILIO_BASE_URL: standIns.twilioUrl,
      INSURANCE_URL: standIns.insuranceUrl,
      INSURANCE_TOKEN: account.insuranceToken,
      SMTP_URL: standIns.smtpUrl,
      MAIL_FROM: 'mente@pzh-ybj.example',
      PUBLIC_URL: 'https://mente.example',
      EMBEDDED_TOKEN_KEY: tokens.publicKey,
      PORT: String(await getPort({ host: '127.0.0.1' })),
      HEALTH_PORT: String(await getPort({ host: '127.0.0.1' })),
    };
    settings.PUBLIC_URL = `http://127.0.0.1:${settings.PORT}`;
  });
  afterAll(async () => {
    for (const script of children.keys()) await kill(script, 'SIGKILL');
    await standIns?.stop();
    await temporal?.teardown();
    await database?.stop();
    await rm(filesDir, { recursive: true, force: true });
  });

  function npmRun(script: string): ChildProcess {
    const child = spawn('npm', ['run', '-s', script], {
      cwd: repository,
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'ignore', 'inherit'],
      // A group of its own: npm and the program it runs are killed together.
      detached: true,
    });
    children.set(script, child);
    return child;
  }
  const answers = (url: string) => async () => (await fetch(url).catch(() => undefined))?.ok === true;
  const startApi = async () => {
    npmRun('start:api');
    await until('the api is ready', answers(`http://127.0.0.1:${settings.PORT}/readyz`), START_LIMIT_MS);
  };
  const startWorker = async () => {
    npmRun('start:worker');
    await until('the worker is healthy', answers(`http://127.0.0.1:${settings.HEALTH_PORT}/healthz`), START_LIMIT_MS);
  };
  async function kill(script: string, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = children.get(script) as ChildProcess;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit');
    // A signal that can be handled goes to npm, which passes it on.
    if (signal === 'SIGKILL') process.kill(-(child.pid as number), signal);
    else child.kill(signal);
    return (await ended)[0];
  }

  it('serve a case from filing to decision, over a kill -9 of each, and stop when told', async () => {
    expect((await once(npmRun('migrate'), 'exit'))[0]).toBe(0);
    await startWorker();
    await startApi();
    const origin = `http://127.0.0.1:${settings.PORT}`;
    const applicant = new Caller(origin, 'applicant-1', tokens.token(['applicant'], 'applicant-1'), {
      person: personOf('applicant-1'),
      channel: 'scApp',
    });
    const reviewer = new Caller(origin, 'reviewer-1', tokens.token(['reviewer'], 'reviewer-1'));

    await kill('start:worker', 'SIGKILL');
    // The first one has bundled the workflows itself; as often as it is started from here on, they are there.
    settings.WORKFLOW_BUNDLE = await builtBundle();
    const number = await applicant.files();
    await kill('start:api', 'SIGKILL');
    await startWorker();
    await startApi();
    await until('it is under review', async () => (await applicant.progress(number)).body.status === 'underReview');

    await kill('start:worker', 'SIGKILL');
    await startWorker();
    expect((await reviewer.tell(number, 'approve')).body.status).toBe('approved');
    const kinds = async () => (await applicant.progress(number)).body.timeline.map(({ kind }) => kind);
    await until('it is registered', async () => (await kinds()).includes('registered'));
    expect(await kinds()).toEqual(['submitted', 'accepted', 'approved', 'registered']);
    const result = async () => {
      const shown = (await reviewer.progress(number)).body.notifications as Record<string, unknown>[];
      return shown.find(({ purpose, channel }) => purpose === 'approved' && channel === 'sms');
    };
    await until('Twilio tells that the result has arrived', async () => (await result())?.state === 'delivered');
    expect(await kill('start:api', 'SIGTERM')).toBe(0);
    expect(await kill('start:worker', 'SIGTERM')).toBe(0);
  }, 300_000);
});
