import { and, eq, isNull } from 'drizzle-orm';
import { startApplication } from '../../../api/cases/start.ts';
import type { OutboxNotification, SmsOf } from '../../../dev/stand-ins/outbox.ts';
import type { SmsProviderName } from '../../../policy/notifications/schema.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import { type AttemptRow, attempt, notification } from '../../../store/notifications/tables.ts';
import type { Store } from '../../../store/open.ts';
import { fileOne } from '../database/store.ts';
import { newPerson } from '../people.ts';
import { prompt } from '../policy.ts';
import { planSmsFault } from '../providers/sms-faults.ts';
import { realWorker } from './real-program.ts';
import { surroundWorker } from './worker-surroundings.ts';

/** Cases that are filed together. */
const AT_ONCE = 50;

/** A 短信 as a stand-in has taken it. */
type Sms = SmsOf<'twilio'> | SmsOf<'aliyun'>;

/** What became of the 短信 of a run, by what the providers' stand-ins have. */
export interface Figures {
  notifications: number;
  /** How many of them nobody has taken. */
  lost: number;
  /** How often one was taken again. */
  duplicates: number;
  /** Attempts that the provider took, and of which nothing was written down when the worker was killed. */
  interrupted: number;
  takenBy: Partial<Record<SmsProviderName, number>>;
}

export type DispatchRun = Awaited<ReturnType<typeof openDispatchRun>>;

/**
 * Cases that are accepted, each of which has one 短信 to a phone of its own, at any hour; and the real worker as a
 * process that can be killed, between a Temporal server, a database and stand-ins that outlive it.
 */
export async function openDispatchRun(smsProviders: SmsProviderName[] = prompt.notifying.smsProviders) {
  const policy = { ...prompt, notifying: { ...prompt.notifying, smsProviders } };
  const { env, store, client, standIns, close } = await surroundWorker(policy);
  const worker = realWorker(env);
  const cases = caseFiler(store, client);
  const leftOpen = attemptsLeftOpen(store, cases.phoneOf);

  async function taken(): Promise<Sms[]> {
    const answer = await fetch(`${standIns.twilioUrl}/notifications`);
    const { notifications } = (await answer.json()) as { notifications: OutboxNotification[] };
    return notifications.filter((sms) => sms.kind === 'sms');
  }

  return {
    startWorker: worker.start,
    file: cases.file,
    /** Plans what goes wrong with a provider's next requests; nothing any more without it. */
    fault: (provider: SmsProviderName, fault?: object) => planSmsFault(standIns, provider, fault),

    async killWorker(): Promise<void> {
      await worker.kill();
      await leftOpen.note();
    },

    /** Whether a provider has just taken a notification, and nothing of that is written down yet. */
    isBetween: async () => leftOpen.isOneTakenSince(await taken()),

    /** Whether all notifications are settled, as far as the store knows. */
    async isThrough(): Promise<boolean> {
      const ofSms = eq(notification.channel, 'sms');
      if ((await store.db.$count(notification, ofSms)) < cases.phones().length) return false;
      return (await store.db.$count(notification, and(ofSms, eq(notification.state, 'queued')))) === 0;
    },

    async figures(): Promise<Figures> {
      const all = await taken();
      const times = cases.phones().map((phone) => all.filter(({ to }) => to === phone).length);
      const by = (name: SmsProviderName) => all.filter(({ provider }) => provider === name).length;
      return {
        notifications: times.length,
        lost: times.filter((count) => count === 0).length,
        duplicates: times.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
        interrupted: await leftOpen.countTaken(all),
        takenBy: Object.fromEntries(smsProviders.map((name) => [name, by(name)])),
      };
    },

    async close(): Promise<void> {
      await worker.kill();
      await close();
    },
  };
}

/** Files cases of people with a phone of their own each, and starts their workflows. */
function caseFiler(store: Store, client: Parameters<typeof startApplication>[0]) {
  let filed = 0;
  /** By acceptance number. */
  const phones = new Map<string, string>();

  async function fileCase(): Promise<void> {
    // The 9 at the end: none of the endings on which the stand-ins have agreed.
    const phone = `138${String(filed++).padStart(7, '0')}9`;
    const applicant = { ...newPerson(), phone };
    const personal = { applicant, signature: { name: applicant.name, signedAt: new Date().toISOString() } };
    const { acceptanceNumber, type, channel } = await fileOne(store, { personal });
    phones.set(acceptanceNumber, `+86${phone}`);
    const { state } = (await findApplication(store, acceptanceNumber)) as ApplicationRow;
    await startApplication(client, { acceptanceNumber, type, channel, state });
  }

  return {
    phones: () => [...phones.values()],
    phoneOf: (notificationId: string) => phones.get(notificationId.split('-')[0] as string),
    async file(count: number): Promise<void> {
      for (let left = count; left > 0; left -= AT_ONCE) {
        await Promise.all(Array.from({ length: Math.min(left, AT_ONCE) }, fileCase));
      }
    },
  };
}

/**
 * The attempts of which nothing was written down when a worker was killed, each once: one may still be open at the next
 * kill.
 */
function attemptsLeftOpen({ db }: Store, phoneOf: (notificationId: string) => string | undefined) {
  const noted = new Map<string, AttemptRow>();
  const keyOf = ({ notificationId, number }: AttemptRow) => `${notificationId} ${number}`;
  const openAttempts = () => db.select().from(attempt).where(isNull(attempt.outcome));

  /** How many of them the provider took, by this attempt and not by the next one. */
  async function countTaken(attempts: AttemptRow[], all: Sms[]): Promise<number> {
    const following = await db.select().from(attempt);
    return attempts.filter(({ notificationId, number, provider, startedAt }) => {
      const next = following.find((begun) => begun.notificationId === notificationId && begun.number === number + 1);
      return all.some(({ to, at, ...sms }) => {
        const isInTime = at >= startedAt && (!next || at < next.startedAt);
        return to === phoneOf(notificationId) && sms.provider === provider && isInTime;
      });
    }).length;
  }

  return {
    /** To be called once the worker is gone. */
    async note(): Promise<void> {
      // Locked, so that what it was committing as it died is waited for.
      for (const open of await openAttempts().for('update')) noted.set(keyOf(open), open);
    },
    countTaken: (all: Sms[]) => countTaken([...noted.values()], all),
    async isOneTakenSince(all: Sms[]): Promise<boolean> {
      const open = (await openAttempts()).filter((begun) => !noted.has(keyOf(begun)));
      return (await countTaken(open, all)) > 0;
    },
  };
}
