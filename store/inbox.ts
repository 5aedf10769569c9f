import { inArray, sql } from 'drizzle-orm';
import type { TakenStep } from '../domain/delivery.ts';
import type { MessageRow } from './messages.ts';
import { message } from './schema.ts';
import type { Transaction } from './store.ts';

/** Puts 短信 to applicants that have failed into their APP inbox, in the same words, where those of their change aren't there already. */
export async function putIntoInbox(tx: Transaction, failed: MessageRow[], at: string): Promise<void> {
  const toApplicants = failed.filter(({ channel, recipient }) => channel === 'sms' && recipient === 'applicant');
  if (toApplicants.length === 0) return;
  const copies = toApplicants.map(
    ({ acceptanceNumber, accreditationId, sequence, purpose, recipient, recipientKey, body, id }) => ({
      ...{ acceptanceNumber, accreditationId, sequence, purpose, recipient, recipientKey, body },
      id: inAppId(id),
      channel: 'app' as const,
      createdAt: at,
      leaving: 'anyTime' as const,
      leavesAt: at,
      state: 'delivered' as const,
      settledAt: at,
    }),
  );
  const put = await tx.insert(message).values(copies).onConflictDoNothing().returning({ id: message.id });
  const ids = toApplicants.filter(({ id }) => put.some((copy) => copy.id === inAppId(id))).map(({ id }) => id);
  const step: TakenStep[] = [{ step: 'app', at }];
  const steps = sql`${message.steps} || ${JSON.stringify(step)}::jsonb`;
  if (ids.length > 0) await tx.update(message).set({ steps }).where(inArray(message.id, ids));
}

/** The channel ends the id (`messageId` of the outbox). */
const inAppId = (id: string) => id.replace(/-sms$/, '-app');
