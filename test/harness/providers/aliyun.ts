import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AliyunSettings, createAliyun } from '../../../activities/notifications/adapters/aliyun.ts';
import type { Addressed } from '../../../activities/notifications/adapters/provider.ts';
import { systemClock } from '../../../config/clock.ts';
import { account } from '../../../dev/stand-ins/account.ts';
import { createOutbox, type SmsOf } from '../../../dev/stand-ins/outbox.ts';
import { startStandIns } from '../../../dev/stand-ins/start.ts';
import { openServers } from '../servers.ts';
import { planSmsFault } from './sms-faults.ts';

export const keys = { accessKeyId: 'LTAI0123456789', accessKeySecret: 'the secret of the key' };

/** A notification as `notify` dispatches it. */
export const notification: Addressed = {
  id: 'PZ2600000000017-4-approved-applicant-sms',
  channel: 'sms',
  address: '+8613800138000',
  subject: '',
  body: '您的门特申请已通过。',
  template: { code: 'SMS_154950909', parameters: { number: 'PZ2600000000017', result: "通过 (100%) + 可用*~'!" } },
};

export type AliyunServer = Awaited<ReturnType<typeof startAliyun>>;

/** Starts the stand-ins on 127.0.0.1, and other servers as asked. */
export async function startAliyun() {
  const dataDir = mkdtempSync(join(tmpdir(), 'mente-aliyun-'));
  const { serve, close } = openServers();
  const start = () => startStandIns({ ...account, ...keys, smtpPort: 0, httpPort: 0, dataDir });
  let standIns = await start();
  return {
    url: () => standIns.aliyunUrl,
    adapter: (settings: Partial<AliyunSettings> = {}) =>
      createAliyun({ ...keys, signName: '攀枝花医保', endpoint: standIns.aliyunUrl, now: systemClock, ...settings }),

    plan: (fault: object) => planSmsFault(standIns, 'aliyun', fault),

    /** What the stand-in has taken, newest first. */
    async taken(): Promise<SmsOf<'aliyun'>[]> {
      const response = await fetch(`${standIns.aliyunUrl}/notifications`);
      return ((await response.json()) as { notifications: SmsOf<'aliyun'>[] }).notifications;
    },

    /** Puts notifications of an earlier time into what it has taken. */
    async tookEarlier(notifications: { at: string; outId: string }[]): Promise<void> {
      await standIns.stop();
      const outbox = createOutbox(dataDir);
      const sms = { kind: 'sms', provider: 'aliyun', from: '攀枝花医保', to: notification.address, body: '' } as const;
      for (const earlier of notifications)
        outbox.add({ ...sms, id: `${earlier.outId}^0`, templateCode: 'SMS_1', ...earlier });
      standIns = await start();
    },

    /** @returns the origin of a server that answers like this */
    serve,

    async stop(): Promise<void> {
      await close();
      await standIns.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}
