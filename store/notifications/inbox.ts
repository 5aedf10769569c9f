import { inArray, sql } from 'drizzle-orm';
import type { TakenStep } from '../../domain/notifications/delivery.ts';
import type { Transaction } from '../open.ts';
import { type Cause, numberOf } from './about.ts';
import { type NotificationRow, notification } from './tables.ts';

/**
 * Puts failed 短信 to applicants into their APP inbox, in the same words, unless the change has put a notification there
 * already.
 */
export async function putIntoInbox(tx: Transaction, failed: NotificationRow[], at: string): Promise<void> {
  const toApplicants = failed.filter(({ channel, recipient }) => channel === 'sms' && recipient === 'applicant');
  if (toApplicants.length === 0) return;
  const copies = toApplicants.map(
    ({ acceptanceNumber, accreditationId, sequence, purpose, recipient, recipientKey, body, id }) => ({
      ...{ acceptanceNumber, accreditationId, sequence, purpose, recipient, recipientKey, body },
      id: inAppId(id),
      ...lying(at),
    }),
  );
  const put = await tx.insert(notification).values(copies).onConflictDoNothing().returning({ id: notification.id });
  const ids = toApplicants.filter(({ id }) => put.some((copy) => copy.id === inAppId(id))).map(({ id }) => id);
  const step: TakenStep[] = [{ step: 'app', at }];
  const steps = sql`${notification.steps} || ${JSON.stringify(step)}::jsonb`;
  if (ids.length > 0) await tx.update(notification).set({ steps }).where(inArray(notification.id, ids));
}

/**
 * Tells an applicant in the APP inbox that phones were replaced.
 * @param replacements words about each case and accreditation; `key` tells the change from others, `recipientKey` is
 * that of the new phone, `at` an instant
 */
export async function tellInbox(
  tx: Transaction,
  replacements: { cause: Cause; body: string }[],
  { key, recipientKey, at }: { key: string; recipientKey: string; at: string },
): Promise<void> {
  if (replacements.length === 0) return;
  const rows = replacements.map(({ cause, body }) => ({
    ...cause,
    id: `${key}-${numberOf(cause)}-app`,
    purpose: 'phoneReplaced' as const,
    recipient: 'applicant',
    recipientKey,
    body,
    ...lying(at),
  }));
  await tx.insert(notification).values(rows);
}

/** An APP notification is delivered by lying there. @param at instant */
function lying(at: string) {
  return {
    channel: 'app' as const,
    createdAt: at,
    leaving: 'anyTime' as const,
    leavesAt: at,
    state: 'delivered' as const,
    settledAt: at,
  };
}

/** The channel ends the id (`notificationId` of the outbox). */
const inAppId = (id: string) => id.replace(/-sms$/, '-app');
