import { and, eq, min, not, sql } from 'drizzle-orm';
import type { DueStep } from '../../domain/notifications/delivery.ts';
import type { NotificationDraft } from '../../domain/notifications/drafts.ts';
import { lockCalendar } from '../calendar/queries.ts';
import type { Store } from '../open.ts';
import type { Cause } from './about.ts';
import { findNotification, type KnownNotification } from './known.ts';
import { type Leave, notificationId, writeNotifications } from './outbox.ts';
import { lockNotifications, lockWithCarried, stillToTell, withCarried } from './settling.ts';
import { call, type NotificationRow, notification } from './tables.ts';
import { unsentNotifications } from './unsent.ts';

/** Ids of 短信 that have failed and that nobody takes care of yet, oldest first. */
export async function undeliveredNotifications(store: Store, limit: number): Promise<string[]> {
  // The notification that carries the others may have been overtaken itself, so its own state doesn't tell.
  const id = sql<string>`coalesce(${notification.carriedBy}, ${notification.id})`;
  const rows = await store.db
    .select({ id })
    .from(notification)
    .where(and(eq(notification.state, 'failed'), not(notification.followed), eq(notification.channel, 'sms')))
    .groupBy(id)
    .orderBy(min(notification.settledAt))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/**
 * Notes that from now on somebody takes care of a failed notification and those that it carries.
 * @returns the notification, and whether nothing more need be done: all has arrived or was overtaken, or somebody has
 * called
 */
export async function followNotification(
  store: Store,
  id: string,
): Promise<{ notification: KnownNotification; reached: boolean } | undefined> {
  await store.db.transaction(async (tx) => {
    await lockWithCarried(tx, id);
    await tx
      .update(notification)
      .set({ followed: true })
      .where(and(withCarried(id), not(notification.followed)));
  });
  const known = await findNotification(store, id);
  const [called] = await store.db.select().from(call).where(eq(call.notificationId, id));
  return known && { notification: known, reached: called?.doneAt != null || stillToTell(known).length === 0 };
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
  { drafts, sendingHours }: { drafts: NotificationDraft[] } & Pick<Leave, 'sendingHours'>,
): Promise<string[]> {
  const { step, at } = taken;
  return store.db.transaction(async (tx) => {
    const calendar = await lockCalendar(store, tx);
    const [row] = await lockNotifications(tx, eq(notification.id, id));
    const cause = row && causeOf(row);
    if (!row || !cause) return [];
    if (!row.steps.some((earlier) => earlier.step === step)) {
      await tx
        .update(notification)
        .set({ steps: [...row.steps, taken] })
        .where(eq(notification.id, id));
      if (step === 'call') await tx.insert(call).values({ notificationId: id, createdAt: at });
      await writeNotifications(tx, cause, drafts, { at, sendingHours, calendar, applicantKey: row.recipientKey });
    }
    const written = drafts.map((draft) => notificationId(cause, draft));
    const unsent = await unsentNotifications(tx, cause, [cause.sequence]);
    return unsent.flatMap(({ notificationIds }) => notificationIds).filter((unsentId) => written.includes(unsentId));
  });
}

function causeOf({ acceptanceNumber, accreditationId, sequence }: NotificationRow): Cause | undefined {
  if (acceptanceNumber !== null) return { acceptanceNumber, sequence };
  return accreditationId === null ? undefined : { accreditationId, sequence };
}
