import { and, eq, inArray } from 'drizzle-orm';
import { mondayOf } from '../../domain/calendar/missing-circular.ts';
import { dayNumber } from '../../domain/dates.ts';
import { application } from '../cases/tables.ts';
import type { Store } from '../open.ts';
import { everyone, findStaff } from '../staff/queries.ts';
import { notification } from './tables.ts';

/** What an admin hears once a week: that the circular for a year is missing. */
export interface MissingCircular {
  year: number;
  /** Shanghai date on which it is told. */
  date: string;
}

/** Ids of the admins who haven't been told this week. */
export async function untoldAdmins(store: Store, missing: MissingCircular): Promise<string[]> {
  const admins = await adminsOf(store);
  const ids = admins.map((admin) => idOf(missing, admin));
  const told = await store.db.select({ id: notification.id }).from(notification).where(inArray(notification.id, ids));
  return admins.filter((admin) => !told.some(({ id }) => id === idOf(missing, admin)));
}

/**
 * Queues it for somebody's next briefing, once a week; does nothing for who is no admin.
 * @param words from how many open cases rest on the estimate
 * @param at instants: now, and the hour of the briefing
 */
export async function queueMissingCircular(
  store: Store,
  recipient: string,
  missing: MissingCircular,
  words: (estimatedCases: number) => { subject: string; body: string },
  { now, leavesAt }: { now: string; leavesAt: string },
): Promise<void> {
  const member = await findStaff(store, recipient);
  if (!member?.active || !member.roles.includes('admin')) return;
  const onEstimate = and(eq(application.closed, false), eq(application.provisional, true));
  const text = words(await store.db.$count(application, onEstimate));
  await store.db
    .insert(notification)
    .values({
      id: idOf(missing, recipient),
      // A newer one overtakes an older one that hasn't left.
      sequence: dayNumber(mondayOf(missing.date)),
      purpose: 'circularMissing',
      channel: 'email',
      recipient,
      recipientKey: recipient,
      ...text,
      createdAt: now,
      leaving: 'briefing',
      leavesAt,
      state: 'queued',
    })
    .onConflictDoNothing();
}

async function adminsOf(store: Store): Promise<string[]> {
  return (await everyone(store.db)).filter(({ roles }) => roles.includes('admin')).map(({ id }) => id);
}

function idOf({ year, date }: MissingCircular, admin: string): string {
  return `circularMissing-${year}-${mondayOf(date)}-${admin}`;
}
