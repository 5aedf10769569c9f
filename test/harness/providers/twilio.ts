import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import {
  type Addressed,
  NotificationRefused,
  ProviderUnavailable,
} from '../../../activities/notifications/adapters/provider.ts';
import { createTwilio, type TwilioSettings } from '../../../activities/notifications/adapters/twilio.ts';
import { systemClock } from '../../../config/clock.ts';
import { account } from '../../../dev/stand-ins/account.ts';
import type { SmsOf } from '../../../dev/stand-ins/outbox.ts';
import { startStandIns } from '../../../dev/stand-ins/start.ts';
import { openServers } from '../servers.ts';
import { planSmsFault } from './sms-faults.ts';

export const from = '+8613900000000';

/** A notification as `notify` dispatches it. */
export const sms: Addressed = {
  id: 'notification-1',
  channel: 'sms',
  address: '+8613800138000',
  subject: '',
  body: '您的门特申请需要补充材料。',
  template: null,
};

/** It, to a number that the stand-in does something with. */
export const ending = (digits: string): Addressed => ({ ...sms, address: `+861380013${digits}` });

export type TwilioServer = Awaited<ReturnType<typeof startTwilio>>;

/** Starts the stand-ins on 127.0.0.1, and other servers as asked. */
export async function startTwilio() {
  const dataDir = mkdtempSync(join(tmpdir(), 'mente-twilio-'));
  const { serve, close } = openServers();
  const start = () => startStandIns({ ...account, smtpPort: 0, httpPort: 0, dataDir });
  let standIns = await start();
  const adapter = (settings: Partial<TwilioSettings> = {}) =>
    createTwilio({ ...account, from, baseUrl: standIns.twilioUrl, now: systemClock, timeoutMs: 5_000, ...settings });
  return {
    adapter,
    /** @returns the origin of a server that answers like this */
    serve,
    /** An adapter for a Twilio that answers like this. */
    adapterTo: async (listener: RequestListener) => adapter({ baseUrl: await serve(listener) }),

    /** @param fault what goes wrong next; nothing any more without it */
    plan: (fault?: object) => planSmsFault(standIns, 'twilio', fault),

    /** What the stand-in has taken, newest first. */
    async taken(): Promise<SmsOf<'twilio'>[]> {
      return JSON.parse(await (await fetch(`${standIns.twilioUrl}/notifications`)).text()).notifications;
    },

    /** Puts notifications of an earlier time into what it has taken. */
    async tookEarlier(notifications: Pick<SmsOf<'twilio'>, 'id' | 'at' | 'body'>[]): Promise<void> {
      await standIns.stop();
      const common = { kind: 'sms', provider: 'twilio', from, to: sms.address };
      const lines = notifications.map((notification) => JSON.stringify({ ...common, ...notification }));
      await appendFile(join(dataDir, 'outbox.jsonl'), lines.join('\n'));
      standIns = await start();
    },

    async stop(): Promise<void> {
      await standIns.stop();
      await close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

const thrownBy = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

export async function expectRefused(sending: Promise<unknown>, code: number): Promise<void> {
  const error = await thrownBy(sending);
  expect(error).toBeInstanceOf(NotificationRefused);
  expect(error).toEqual(new NotificationRefused(`Twilio ${code}`));
}

/** Expects this reason and nothing else: what the library or Twilio say may quote the request. */
export async function expectUnavailable(
  asking: Promise<unknown>,
  reason: string,
  certainty?: 'certain' | 'uncertain',
): Promise<ProviderUnavailable> {
  const error = (await thrownBy(asking)) as ProviderUnavailable;
  expect(error).toBeInstanceOf(ProviderUnavailable);
  expect(error).toMatchObject({ message: reason, ...(certainty && { uncertain: certainty === 'uncertain' }) });
  expect(error.cause).toBeUndefined();
  return error;
}
