import { and, eq, min, not, sql } from 'drizzle-orm';
import type { DueStep } from '../../domain/notifications/delivery.ts';
import type { MessageDraft } from '../../domain/notifications/drafts.ts';
import { lockCalendar } from '../calendar/queries.ts';
import type { Store } from '../open.ts';
import type { Cause } from './about.ts';
import { findMessage, type KnownMessage } from './known.ts';
import { type Leave, messageId, writeMessages } from './outbox.ts';
import { lockMessages, lockWithCarried, stillToTell, withCarried } from './settling.ts';
import { call, message } from './tables.ts';
import { unsentMessages } from './unsent.ts';

/** Ids of 短信 that have failed and that nobody takes care of yet, oldest first. */
export async function undeliveredMessages(store: Store, limit: number): Promise<string[]> {
  // The message that carries the others may have been overtaken itself, so its own state doesn't tell.
  const id = sql<string>`coalesce(${message.carriedBy}, ${message.id})`;
  const rows = await store.db
    .select({ id })
    .from(message)
    .where(and(eq(message.state, 'failed'), not(message.followed), eq(message.channel, 'sms')))
    .groupBy(id)
    .orderBy(min(message.settledAt))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/**
 * Notes that from now on somebody takes care of a failed message and those that it carries.
 * @returns the message, and whether nothing more need be done: all has arrived or was overtaken, or somebody has called
 */
export async function followMessage(
  store: Store,
  id: string,
): Promise<{ message: KnownMessage; reached: boolean } | undefined> {
  await store.db.transaction(async (tx) => {
    await lockWithCarried(tx, id);
    await tx
      .update(message)
      .set({ followed: true })
      .where(and(withCarried(id), not(message.followed)));
  });
  const known = await findMessage(store, id);
  const [called] = await store.db.select().from(call).where(eq(call.messageId, id));
  return known && { message: known, reached: called?.doneAt != null || stillToTell(known).length === 0 };
}

/**
 * Notes that a step was taken, once. A call becomes a task of the clerks'; the drafts are written, which tell of a call
 * that is overdue.
 * @param drafts of the mails about an overdue call; none for any other step
 * @returns ids of those of the drafts' mails that have to be dispatched still
 */
export function takeStep(
  store: Store,
  id: string,
  taken: DueStep,
  { drafts, sendingHours }: { drafts: MessageDraft[] } & Pick<Leave, 'sendingHours'>,
): Promise<string[]> {
  const { step, at } = taken;
  return store.db.transaction(async (tx) => {
    const calendar = await lockCalendar(store, tx);
    const [row] = await lockMessages(tx, eq(message.id, id));
    const cause = row && causeOf(row);
    if (!row || !cause) return [];
    if (!row.steps.some((earlier) => earlier.step === step)) {
      await tx
        .update(message)
        .set({ steps: [...row.steps, taken] })
        .where(eq(message.id, id));
      if (step === 'call') await tx.insert(call).values({ messageId: id, createdAt: at });
      await writeMessages(tx, cause, drafts, { at, sendingHours, calendar, applicantKey: row.recipientKey });
    }
    const written = drafts.map((draft) => messageId(cause, draft));
    const unsent = await unsentMessages(tx, cause, [cause.sequence]);
    return unsent.flatMap(({ messageIds }) => messageIds).filter((unsentId) => written.includes(unsentId));
  });
}

function causeOf({ acceptanceNumber, accreditationId, sequence }: typeof message.$inferSelect): Cause | undefined {
  if (acceptanceNumber !== null) return { acceptanceNumber, sequence };
  return accreditationId === null ? undefined : { accreditationId, sequence };
}
