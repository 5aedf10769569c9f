import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { asc, eq, inArray } from 'drizzle-orm';
import { createActivities } from '../../../activities/index.ts';
import type { SmsProvider, SmsProviders } from '../../../activities/notifications/adapters/provider.ts';
import { systemClock } from '../../../config/clock.ts';
import { account } from '../../../dev/stand-ins/account.ts';
import { standInProviders } from '../../../dev/stand-ins/providers.ts';
import { startStandIns } from '../../../dev/stand-ins/start.ts';
import { addDays, shanghaiDate } from '../../../domain/dates.ts';
import type { NotificationDraft } from '../../../domain/notifications/drafts.ts';
import type { Policy } from '../../../policy/schema.ts';
import { policiesOf } from '../../../policy/versions.ts';
import { applyPhone } from '../../../store/cases/form-versions.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import { migrateAndSeed } from '../../../store/migrate.ts';
import { attempt, notification } from '../../../store/notifications/tables.ts';
import { openAnyDatabase } from '../database/any.ts';
import { changesOf, fileOne, openTestStore, recordChange, rules } from '../database/store.ts';
import { publishTestCalendar } from '../office/open.ts';
import { newPerson } from '../people.ts';
import { prompt, seed } from '../policy.ts';
import { planSmsFault } from './sms-faults.ts';

export type Sending = Awaited<ReturnType<typeof openSending>>;

export interface WorkerOptions {
  policy?: Policy;
  twilioIsReal?: boolean;
  /** Without them both are there. */
  only?: 'twilio' | 'aliyun';
  settleMs?: number;
  circuitRestMs?: number;
  /** In place of the stand-in's. */
  twilio?: SmsProvider;
}

/** The shipped policy with some of `notifying` changed; notifications leave at any hour. */
export const policyWith = (notifying: Partial<Policy['notifying']>): Policy => ({
  ...prompt,
  notifying: { ...prompt.notifying, ...notifying },
});

/**
 * What a worker does with notifications, against the stand-ins of all providers over the wire: a database, and no
 * Temporal.
 */
export async function openSending() {
  const database = await openAnyDatabase();
  await migrateAndSeed(database.url, seed);
  const store = await openTestStore(database.url);
  // Whenever the tests run, it is a working day.
  const now = new Date().toISOString();
  const today = shanghaiDate(now);
  await publishTestCalendar(store, now, {}, { [today]: '测试', [addDays(today, 1)]: '测试' });
  const standIns = await startStandIns({ smtpPort: 0, httpPort: 0, ...account });
  const { twilio, email, ...others } = standInProviders(standIns, account);
  const aliyun = await others.aliyun();
  const sent = async () => {
    const answer = await fetch(`${standIns.twilioUrl}/notifications`);
    return ((await answer.json()) as { notifications: Sent[] }).notifications.reverse();
  };
  let cases = 0;

  return {
    store,
    twilio,
    aliyun,
    sent,

    /** The activities of a worker that has just started. */
    worker({ policy = prompt, twilioIsReal = false, only, settleMs = 0, circuitRestMs, ...given }: WorkerOptions = {}) {
      const heard: string[] = [];
      const onProvider = ({ provider }: { provider: string }, said: string) => void heard.push(`${provider} ${said}`);
      const both: SmsProviders = { twilio, aliyun, ...given };
      const sms = only ? { [only]: both[only] } : both;
      const policies = policiesOf([policy]);
      const providers = { sms, email };
      const workbenchUrl = 'https://workbench.example/cases/{acceptanceNumber}';
      const silent = {
        onRetained: () => undefined,
        onMended: () => undefined,
        onDivergence: () => undefined,
        onError: () => undefined,
      };
      const options = {
        store,
        policies,
        now: systemClock,
        providers,
        twilioIsReal,
        settleMs,
        circuitRestMs,
        workbenchUrl,
      };
      const activities = createActivities({ ...options, insurance: {} as never, onProvider, ...silent });
      const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
      const run = <Inputs extends unknown[], Output>(
        activity: (...inputs: Inputs) => Promise<Output>,
        ...inputs: Inputs
      ) => environment.run(activity, ...inputs) as Promise<Output>;
      return {
        /** What the operator reads of the providers. */
        heard,
        notify: (...notificationIds: string[]) => run(activities.notify, { notificationIds }),
        resend: (notificationId: string) => run(activities.resend, { notificationId }),
        askReceipts: () => run(activities.askReceipts),
        nextStep: (notificationId: string) => run(activities.nextDeliveryStep, { notificationId }),
      };
    },

    /** Plans what goes wrong with a provider's next requests; nothing any more without it. */
    fault: (provider: 'twilio' | 'aliyun', fault?: object) => planSmsFault(standIns, provider, fault),

    /**
     * Writes a notification of a case that is accepted just now.
     * @param ending of the phone number: its fate with the stand-ins
     */
    async queue(
      draft: Partial<NotificationDraft> = {},
      { ending = '8001', person = newPerson() } = {},
    ): Promise<string> {
      const applicant = { ...person, phone: `1380013${ending}` };
      cases += 1;
      const personal = { applicant, signature: { name: 'x', signedAt: 'x' } };
      // One person has one open case of an illness.
      const filed = await fileOne(store, { personal, diseaseCode: `M${cases}` });
      const tail = filed.acceptanceNumber.slice(-6);
      const text = {
        body: `您的申请(尾号${tail})已受理。`,
        parameters: { surname: '李', tail },
        templateCode: 'SMS_1',
      };
      const whole = {
        purpose: 'accepted',
        channel: 'sms',
        recipient: 'applicant',
        leaving: 'anyTime',
        ...text,
        ...draft,
      };
      const notifications = () => [whole as NotificationDraft];
      const { accepted } = changesOf(filed);
      const { queued } = await recordChange(store, filed.acceptanceNumber, accepted, { ...rules, notifications });
      return [...queued.sms, ...queued.email][0] as string;
    },

    /** Lets notifications leave from an instant on. @param at a moment ago unless given */
    async letLeave(ids: string[], at = aMomentAgo()): Promise<void> {
      await store.db.update(notification).set({ leavesAt: at }).where(inArray(notification.id, ids));
    },

    /** Lets the receipts of notifications be due. @returns since when (instant) */
    async letAsk(...ids: string[]): Promise<string> {
      const askAt = aMomentAgo();
      await store.db.update(attempt).set({ askAt }).where(inArray(attempt.notificationId, ids));
      return askAt;
    },

    /** The applicant of a notification has another phone from now on. */
    async changePhone(id: string): Promise<void> {
      const row = (await findApplication(store, id.split('-')[0] as string)) as ApplicationRow;
      const change = { id: `${id}-phone`, phone: '13800138999', at: new Date().toISOString() };
      await store.db.transaction((tx) => applyPhone(store, tx, row, change));
    },

    /** A notification's case is approved, and nobody is told. */
    async approve(id: string): Promise<void> {
      const acceptanceNumber = id.split('-')[0] as string;
      const row = (await findApplication(store, acceptanceNumber)) as ApplicationRow;
      const at = new Date().toISOString();
      const entry = { at, kind: 'approved', by: 'reviewer-1', via: 'api', detail: {} } as const;
      const change = { sequence: row.sequence + 1, entry, state: { ...row.state, status: 'approved' as const } };
      await recordChange(store, acceptanceNumber, change, { ...rules, notifications: () => [] });
    },

    /** What became of a notification. */
    async became(id: string) {
      const [row] = await store.db.select().from(notification).where(eq(notification.id, id));
      const attempts = await store.db
        .select()
        .from(attempt)
        .where(eq(attempt.notificationId, id))
        .orderBy(asc(attempt.number));
      return {
        row: row as NonNullable<typeof row>,
        attempts: attempts.map(({ provider, outcome, receipt }) => [provider, outcome, receipt]),
      };
    },

    /** Who has taken a notification's words, by its number's tail: one entry for each time. */
    async takenBy(id: string): Promise<string[]> {
      const tail = id.split('-')[0]?.slice(-6) as string;
      return (await sent()).filter(({ body }) => body.includes(tail)).map(({ provider = 'smtp' }) => provider);
    },

    async close() {
      email.close();
      await standIns.stop();
      await store.close();
      await database.stop();
    },
  };
}

const aMomentAgo = () => new Date(Date.now() - 1000).toISOString();

interface Sent {
  provider?: 'twilio' | 'aliyun';
  to: string;
  body: string;
}
