import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../../activities/notifications/adapters/aliyun-errors.ts';
import type { Addressed, SmsProvider } from '../../../activities/notifications/adapters/provider.ts';
import { guarded } from '../../../activities/notifications/sms-providers.ts';
import { systemClock } from '../../../config/clock.ts';
import { readEnv, workerEnv } from '../../../config/env.ts';
import { smsProvidersOf } from '../../../worker/sms.ts';
import { policy } from '../../harness/policy.ts';
import { openSending, policyWith, type Sending } from '../../harness/providers/sending.ts';
import { until } from '../../harness/until.ts';

let sending: Sending;
beforeAll(async () => {
  sending = await openSending();
});
afterEach(() => Promise.all([sending.fault('twilio'), sending.fault('aliyun')]));
afterAll(() => sending?.close());

type Worker = ReturnType<Sending['worker']>;

/** Queues a notification, and dispatches it. @returns who has taken it */
const through = async (worker: Worker): Promise<string[]> => {
  const id = await sending.queue();
  await worker.notify(id);
  return sending.takenBy(id);
};

describe('a provider that is asked too much (429)', () => {
  it('is left alone as long as it asks for; the other one takes the notifications, and then it takes them again', async () => {
    const worker = sending.worker();
    await sending.fault('twilio', { status: 429, retryAfter: 1 });
    expect(await through(worker)).toEqual(['aliyun']);
    await sending.fault('twilio', { cut: 'before' }); // it would be noticed
    expect(await through(worker)).toEqual(['aliyun']);
    await sending.fault('twilio');
    await until('the first one is tried again', async () => (await through(worker))[0] === 'twilio');
  });

  it('like the other one makes a notification wait for the shorter time', async () => {
    const [worker, id] = [sending.worker(), await sending.queue()];
    await sending.fault('twilio', { status: 429, retryAfter: 60 });
    await sending.fault('aliyun', { status: 429, retryAfter: 30 });
    await expect(worker.notify(id)).rejects.toMatchObject({ type: 'ProviderUnavailable', nextRetryDelay: 30_000 });
    expect((await sending.became(id)).attempts.map(([, outcome]) => outcome)).toEqual(['notTaken', 'notTaken']);
    // Both rest: nobody is asked, and nothing written down.
    await expect(worker.notify(id)).rejects.toMatchObject({ type: 'ProviderUnavailable' });
    expect((await sending.became(id)).attempts).toHaveLength(2);
  });
});

describe('a provider that is down', () => {
  it('is left alone after some failures; the other one takes over, and back', async () => {
    const worker = sending.worker({ circuitRestMs: 500 });
    await sending.fault('twilio', { status: 500, times: 1000 });
    const unlucky = await Promise.all(Array.from({ length: 5 }, () => sending.queue()));
    for (const id of unlucky) await expect(worker.notify(id)).rejects.toMatchObject({ type: 'ProviderUnavailable' });
    expect(await through(worker)).toEqual(['aliyun']);
    expect(worker.heard).toEqual([...Array(5).fill('twilio Twilio 20500'), 'twilio is left alone for 1 s']);
    await sending.fault('twilio');
    await until('it takes notifications again', async () => (await through(worker))[0] === 'twilio');
    expect(worker.heard.at(-1)).toBe('twilio takes notifications again');
    // It may have had the first ones; now it says that it hasn't.
    for (const id of unlucky) {
      await worker.notify(id);
      expect(await sending.takenBy(id)).toHaveLength(1);
    }
  });

  it('does not count notifications against itself that nobody could send', async () => {
    const worker = sending.worker();
    for (let count = 0; count < 6; count += 1) await worker.notify(await sending.queue({}, { ending: '0001' }));
    expect(await through(worker)).toEqual(['twilio']);
  });
});

describe('a number that has been sent too much', () => {
  it('waits, however often that is said; others are sent to at once', async () => {
    const tired = '+8613800138001';
    const tiredOf: SmsProvider = {
      lookUp: async () => null,
      send: async ({ address, id }) => {
        if (address === tired) throw refusalOf('isv.BUSINESS_LIMIT_CONTROL', '触发小时级流控Permits:5');
        return id;
      },
    };
    const provider = guarded('aliyun', tiredOf, { now: systemClock, onProvider: () => undefined });
    const sendTo = (address: string) => provider.send({ id: 'one', address } as Addressed);
    for (let count = 0; count < 6; count += 1) {
      await expect(sendTo(tired)).rejects.toMatchObject({ uncertain: false, retryAfterMs: 3_600_000 });
    }
    expect(provider.restsFor()).toBe(0);
    expect(await sendTo('+8613800138002')).toBe('one');
  });
});

describe('a number of the mainland', () => {
  it.each([
    ['goes to the provider at home', { twilioIsReal: true }, ['aliyun']],
    ['goes to the first one where that stands in for Twilio', { twilioIsReal: false }, ['twilio']],
    ["goes abroad by the policy's leave", { twilioIsReal: true, policy: policyWith({ abroad: true }) }, ['twilio']],
  ])('%s', async (_, options, taken) => {
    expect(await through(sending.worker(options))).toEqual(taken);
  });

  it('is told by nobody where only one abroad is there', async () => {
    const id = await sending.queue();
    await sending.worker({ twilioIsReal: true, only: 'twilio' }).notify(id);
    expect((await sending.became(id)).row).toMatchObject({ state: 'failed', failure: 'no provider allowed' });
  });

  it('is not given to Alibaba without a template', async () => {
    const id = await sending.queue({ templateCode: undefined });
    await sending.worker({ only: 'aliyun' }).notify(id);
    expect((await sending.became(id)).row).toMatchObject({ state: 'failed', failure: 'no provider allowed' });
  });
});

describe('at the start of a worker', () => {
  const key = Buffer.alloc(32, 1).toString('base64');
  const env = (more: NodeJS.ProcessEnv) =>
    readEnv(workerEnv, {
      DATABASE_URL: 'postgres://mente@127.0.0.1/mente',
      FILES_DIR: '/srv/files',
      DATA_KEYS: `k1:${key}`,
      DATA_HASH_KEY: key,
      INSURANCE_URL: 'https://core.example.org',
      INSURANCE_TOKEN: 't',
      SMTP_URL: 'smtps://mail.example.org:465',
      MAIL_FROM: 'mente@example.org',
      PUBLIC_URL: 'https://mente.example.org',
      ...more,
    });
  const twilio = { TWILIO_ACCOUNT_SID: 'AC0', TWILIO_AUTH_TOKEN: 'd', TWILIO_FROM: '+8610' };
  const aliyun = { ALIYUN_ACCESS_KEY_ID: 'LTAI0', ALIYUN_ACCESS_KEY_SECRET: 's', ALIYUN_SIGN_NAME: '攀枝花医保' };
  const standIn = { TWILIO_BASE_URL: 'http://127.0.0.1:3901' };
  const names = async (more: NodeJS.ProcessEnv, at = policy) =>
    Object.keys(await smsProvidersOf(env(more), at, systemClock));

  it('those are there whose settings are', async () => {
    expect(await names({ ...twilio, ...standIn })).toEqual(['twilio']);
    expect(await names(aliyun)).toEqual(['aliyun']);
    expect(await names({ ...twilio, ...aliyun })).toEqual(['twilio', 'aliyun']);
  });

  it('it is refused where none of them may be given numbers of the mainland', async () => {
    const nobody = (...lines: string[]) => ['Nobody may send 短信 to numbers of the mainland:', ...lines].join('\n');
    const abroad = "not twilio: the policy's notifying.abroad is false";
    const settings = 'ALIYUN_ACCESS_KEY_ID, ALIYUN_ACCESS_KEY_SECRET and ALIYUN_SIGN_NAME';
    const unset = `not aliyun: ${settings} are not set`;
    await expect(names(twilio)).rejects.toThrow(nobody(abroad, unset));
    // A proxy on the way to it, or another of its regions.
    await expect(names({ ...twilio, TWILIO_BASE_URL: 'https://api.ie1.twilio.com' })).rejects.toThrow(
      nobody(abroad, unset),
    );
    expect(await names(twilio, policyWith({ abroad: true }))).toEqual(['twilio']);
    const onlyTwilio = policyWith({ smsProviders: ['twilio'], abroad: true });
    const unnamed = "the policy's notifying.smsProviders doesn't name it";
    const twilioUnset = 'not twilio: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM are not set';
    await expect(names(aliyun, onlyTwilio)).rejects.toThrow(nobody(twilioUnset, `not aliyun: ${unnamed}`));
    const atHome = policyWith({ smsProviders: ['twilio'], abroad: false });
    await expect(names({ ...twilio, ...aliyun }, atHome)).rejects.toThrow(nobody(abroad, `not aliyun: ${unnamed}`));
  });
});
