import { and, asc, eq, inArray, isNull, lte, max, ne, not, or, type SQL } from 'drizzle-orm';
import { type BriefingCases, readerOf, sortBriefing } from '../../domain/notifications/briefing.ts';
import { application, timeline } from '../cases/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { staff } from '../staff/tables.ts';
import { notificationId } from './outbox.ts';
import { leadOf, lockNotifications, lockWithCarried, withCarried } from './settling.ts';
import { attempt, type NotificationRow, notification } from './tables.ts';

/** What a person's briefing is made of. */
export interface ComposedBriefing {
  /**
   * Notifications that are dispatched, each with those that it carries: what may have gone out already, then today's.
   */
  leads: string[];
  /** The cases that all of them are about. */
  cases: BriefingCases;
}

/**
 * Ids of the staff for whom something may wait that was written by `until` (instant): to whom it was addressed, and who
 * is in charge by now; nobody who has left.
 */
export async function briefingReaders(store: Store, until: string): Promise<string[]> {
  const rows = await store.db
    .selectDistinct({ recipient: notification.recipient, inCharge: application.assignee })
    .from(notification)
    .leftJoin(
      application,
      and(eq(application.acceptanceNumber, notification.acceptanceNumber), not(application.closed)),
    )
    .where(waiting(until));
  const ids = rows.flatMap(({ recipient, inCharge }) => [recipient, inCharge ?? recipient]);
  const here = and(staff.active, inArray(staff.id, [...new Set(ids)]));
  const readers = await store.db.select({ id: staff.id }).from(staff).where(here).orderBy(asc(staff.id));
  return readers.map(({ id }) => id);
}

/**
 * Makes one notification of all that waits for somebody: the most urgent carries the others, and what was overtaken is
 * dropped. A notification that may have gone out in an earlier try, whose outcome nobody knows, keeps what it carries;
 * it is dispatched again as it was, while any of it is worth telling.
 * @param until instant by which they were written
 * @param at now (instant)
 */
export function composeBriefing(
  store: Store,
  reader: string,
  { until, at }: { until: string; at: string },
): Promise<ComposedBriefing> {
  return store.db.transaction(async (tx) => {
    await readdress(tx, reader, { until, at });
    const ofReader = and(waiting(until), eq(notification.recipient, reader));
    const rows = await tx.select().from(notification).where(ofReader).orderBy(asc(notification.id)).for('update');
    const cases = await casesOf(tx, rows);
    const uncertain = await withOpenAttempt(tx, rows);
    const { current, overtaken } = sortBriefing(rows, cases, await announcedBefore(tx, reader, cases));
    const again = uncertain.filter((id) => current.some((row) => leadOf(row) === id));
    const stale = overtaken.filter((row) => !again.includes(leadOf(row)));
    await change(tx, stale, { state: 'overtaken', settledAt: at, carriedBy: null });
    const loose = current.filter((row) => !again.includes(leadOf(row)));
    await change(tx, loose, { carriedBy: null });
    // Cases that somebody else has been in charge of since a moment ago, or since this briefing was first tried, go
    // with that person's briefing.
    const [lead, ...carried] = loose.filter((row) => readerOf(row, cases) === reader);
    if (!lead) return { leads: again, cases };
    await change(tx, carried, { carriedBy: lead.id });
    return { leads: [...again, lead.id], cases };
  });
}

/**
 * Addresses to the reader what waits for others about the cases that the reader is in charge of by now. The new
 * notification's id is made of its recipient as ever. So what waits for two (the supervisors, while nobody was in
 * charge) reaches the reader once, and what the reader was told before isn't told again. A notification that may have
 * gone out to somebody else is finished there, and reaches the reader all the same, who has it to do.
 */
async function readdress(tx: Transaction, reader: string, { until, at }: { until: string; at: string }): Promise<void> {
  const casesOfReader = tx
    .select({ acceptanceNumber: application.acceptanceNumber })
    .from(application)
    .where(and(eq(application.assignee, reader), not(application.closed)));
  // All of them at once and in order: everybody's briefing is composed at the same time.
  const condition = or(eq(notification.recipient, reader), inArray(notification.acceptanceNumber, casesOfReader));
  const rows = await lockNotifications(tx, and(waiting(until), condition));
  const others = rows.filter(({ recipient }) => recipient !== reader);
  if (others.length === 0) return;
  const uncertain = await withOpenAttempt(tx, others);
  const loose = others.filter((row) => !uncertain.includes(leadOf(row)));
  await tx
    .insert(notification)
    .values(others.map((row) => addressedTo(reader, row)))
    .onConflictDoNothing();
  // The case may have come back to the reader, from whom the notification had been taken.
  const taken = loose.map((row) => addressedTo(reader, row));
  await change(tx, taken, { state: 'queued', settledAt: null }, eq(notification.state, 'overtaken'));
  await change(tx, loose, { state: 'overtaken', settledAt: at, carriedBy: null });
}

/** The same notification for somebody else, about the same case. */
export function addressedTo(reader: string, row: NotificationRow): NotificationRow {
  const { acceptanceNumber, sequence, purpose, channel } = row;
  const cause = { acceptanceNumber: acceptanceNumber as string, sequence };
  const id = notificationId(cause, { purpose, channel, recipient: reader });
  return { ...row, id, recipient: reader, recipientKey: reader, carriedBy: null, failure: null };
}

/** Notes with a notification and those that it carries why they were refused; they wait for the next briefing. */
export function keepForNextBriefing(store: Store, id: string, failure: string): Promise<void> {
  return store.db.transaction(async (tx) => {
    await lockWithCarried(tx, id);
    await tx
      .update(notification)
      .set({ failure })
      .where(and(eq(notification.state, 'queued'), withCarried(id)));
  });
}

function waiting(until: string) {
  return and(eq(notification.leaving, 'briefing'), eq(notification.state, 'queued'), lte(notification.leavesAt, until));
}

/** Changes notifications, and nothing where there are none. */
export async function change(
  tx: Transaction,
  rows: NotificationRow[],
  values: Partial<NotificationRow>,
  only?: SQL,
): Promise<void> {
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0)
    await tx
      .update(notification)
      .set(values)
      .where(and(inArray(notification.id, ids), only));
}

/** Ids of the notifications with which these are dispatched and that have a try with an unknown outcome. */
export async function withOpenAttempt(tx: Transaction, rows: NotificationRow[]): Promise<string[]> {
  const open = await tx
    .selectDistinct({ id: attempt.notificationId })
    .from(attempt)
    .where(and(inArray(attempt.notificationId, rows.map(leadOf)), isNull(attempt.outcome)))
    .orderBy(attempt.notificationId);
  return open.map(({ id }) => id);
}

/** What a briefing has told somebody about these cases. */
function announcedBefore(tx: Transaction, reader: string, cases: BriefingCases): Promise<NotificationRow[]> {
  const { recipient, leaving, state, acceptanceNumber } = notification;
  const announced = and(eq(recipient, reader), eq(leaving, 'briefing'), eq(state, 'dispatched'));
  return tx
    .select()
    .from(notification)
    .where(and(announced, inArray(acceptanceNumber, [...cases.keys()])));
}

/** Whoever has left doesn't count as in charge, though a case that nobody could be handed may stay with them. */
async function casesOf(tx: Transaction, notifications: NotificationRow[]): Promise<BriefingCases> {
  const { acceptanceNumber, dueOn, submittedAt, escalationLevel, closed } = application;
  const about = { acceptanceNumber, dueOn, submittedAt, escalationLevel, closed, assignee: staff.id };
  const inCharge = and(eq(staff.id, application.assignee), staff.active);
  const inOtherStatus = and(eq(timeline.acceptanceNumber, acceptanceNumber), ne(timeline.status, application.status));
  const numbers = notifications.flatMap((row) => row.acceptanceNumber ?? []);
  const rows = await tx
    .select({ ...about, otherStatusUntil: max(timeline.sequence) })
    .from(application)
    .leftJoin(staff, inCharge)
    .leftJoin(timeline, inOtherStatus)
    .where(inArray(acceptanceNumber, numbers))
    .groupBy(acceptanceNumber, staff.id);
  return new Map(rows.map((row) => [row.acceptanceNumber, row]));
}
