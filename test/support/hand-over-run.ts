import { and, eq, isNull } from 'drizzle-orm';
import { startApplication } from '../../api/start.ts';
import type { OutboxMessage, SmsOf } from '../../dev/stand-ins/outbox.ts';
import type { SmsProviderName } from '../../policy/schema.ts';
import { findApplication } from '../../store/applications.ts';
import type { ApplicationRow } from '../../store/personal.ts';
import { attempt, message } from '../../store/schema.ts';
import type { AttemptRow } from '../../store/sending.ts';
import { fileOne } from '../store/open-store.ts';
import { newPerson } from './people.ts';
import { prompt } from './policy.ts';
import { realWorker } from './real-worker.ts';
import { surroundWorker } from './worker-surroundings.ts';

/** Cases that are filed together. */
const AT_ONCE = 50;

type Sms = SmsOf<'twilio'> | SmsOf<'aliyun'>;

/** What became of the 短信 of a run, by what the providers' stand-ins have. */
export interface Figures {
  messages: number;
  /** How many of them nobody has taken. */
  lost: number;
  /** How often one was taken again. */
  duplicates: number;
  /** Attempts that the provider took, and of which nothing was written down when the worker was killed. */
  interrupted: number;
  takenBy: Partial<Record<SmsProviderName, number>>;
}

export type HandOverRun = Awaited<ReturnType<typeof openHandOverRun>>;

/**
 * Cases that are accepted, each of which has one 短信 to a phone of its own, at any hour; and the real worker as a process that can be killed,
 * between a Temporal server, a database and stand-ins that outlive it.
 */
export async function openHandOverRun(smsProviders: SmsProviderName[] = prompt.messaging.smsProviders) {
  const policy = { ...prompt, messaging: { ...prompt.messaging, smsProviders } };
  const { env, store, client, standIns, close } = await surroundWorker(policy);
  const worker = realWorker(env);
  let filed = 0;
  /** By acceptance number. */
  const phones = new Map<string, string>();
  /** Attempts that a kill left open, by message and number: one may still be open at the next. */
  const leftOpen = new Map<string, AttemptRow>();
  const keyOf = ({ messageId, number }: AttemptRow) => `${messageId} ${number}`;
  const ofSms = eq(message.channel, 'sms');

  const openAttempts = () => store.db.select().from(attempt).where(isNull(attempt.outcome));

  async function fileCase(): Promise<void> {
    // The 9 at the end: none of the endings on which the stand-ins have agreed.
    const phone = `138${String(filed++).padStart(7, '0')}9`;
    const applicant = { ...newPerson(), phone };
    const personal = { applicant, signature: { name: applicant.name, signedAt: new Date().toISOString() } };
    const { acceptanceNumber, type, channel } = await fileOne(store, { personal });
    phones.set(acceptanceNumber, phone);
    const { state } = (await findApplication(store, acceptanceNumber)) as ApplicationRow;
    await startApplication(client, { acceptanceNumber, type, channel, state });
  }

  async function taken(): Promise<Sms[]> {
    const answer = await fetch(`${standIns.twilioUrl}/messages`);
    const { messages } = (await answer.json()) as { messages: OutboxMessage[] };
    return messages.filter((one) => one.kind === 'sms');
  }

  /** Whether the provider took a message by this attempt, and not by the next one. */
  async function wasTaken({ messageId, number, provider, startedAt }: AttemptRow, all: Sms[]): Promise<boolean> {
    const isNext = and(eq(attempt.messageId, messageId), eq(attempt.number, number + 1));
    const [next] = await store.db.select().from(attempt).where(isNext);
    const phone = phones.get(messageId.split('-')[0] as string);
    return all.some((sms) => {
      const isInTime = sms.at >= startedAt && (!next || sms.at < next.startedAt);
      return sms.provider === provider && sms.to === `+86${phone}` && isInTime;
    });
  }

  return {
    startWorker: worker.start,

    async killWorker(): Promise<void> {
      await worker.kill();
      // Locked, so that what the worker was committing as it died is waited for.
      for (const open of await openAttempts().for('update')) leftOpen.set(keyOf(open), open);
    },

    /** Files so many cases. */
    async file(count: number): Promise<void> {
      for (let left = count; left > 0; left -= AT_ONCE) {
        await Promise.all(Array.from({ length: Math.min(left, AT_ONCE) }, fileCase));
      }
    },

    /** Plans what goes wrong with a provider's next requests; nothing any more without it. */
    async fault(provider: SmsProviderName, fault?: object): Promise<void> {
      const control = { twilio: `${standIns.twilioUrl}/control`, aliyun: `${standIns.aliyunUrl}/aliyun/control` };
      const headers = { 'content-type': 'application/json' };
      const plan = { method: 'POST', headers, body: JSON.stringify(fault) };
      await fetch(control[provider], fault ? plan : { method: 'DELETE' });
    },

    /** Whether a provider has just taken a message, and nothing of that is written down yet. */
    async isBetween(): Promise<boolean> {
      const open = (await openAttempts()).filter((one) => !leftOpen.has(keyOf(one)));
      const all = await taken();
      return (await Promise.all(open.map((one) => wasTaken(one, all)))).some(Boolean);
    },

    /** Whether all messages are settled, as far as the store knows. */
    async isThrough(): Promise<boolean> {
      if ((await store.db.$count(message, ofSms)) < phones.size) return false;
      return (await store.db.$count(message, and(ofSms, eq(message.state, 'queued')))) === 0;
    },

    async figures(): Promise<Figures> {
      const all = await taken();
      const times = [...phones.values()].map((phone) => all.filter(({ to }) => to === `+86${phone}`).length);
      const interrupted = await Promise.all([...leftOpen.values()].map((open) => wasTaken(open, all)));
      return {
        messages: times.length,
        lost: times.filter((one) => one === 0).length,
        duplicates: times.reduce((sum, one) => sum + Math.max(0, one - 1), 0),
        interrupted: interrupted.filter(Boolean).length,
        takenBy: Object.fromEntries(
          smsProviders.map((name) => [name, all.filter((one) => one.provider === name).length]),
        ),
      };
    },

    async close(): Promise<void> {
      await worker.kill();
      await close();
    },
  };
}
