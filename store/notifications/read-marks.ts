import { and, count, eq, or, type SQL, sql } from 'drizzle-orm';
import type { Store } from '../open.ts';
import { inboxOf, readAtBy } from './queries.ts';
import { notification } from './tables.ts';

/** An entry of somebody's APP inbox; undefined where theirs has none with this id. @param person keyed hash */
export async function findInInbox({ db }: Store, person: string, id: string) {
  const { acceptanceNumber, accreditationId } = notification;
  const { ofCases, ofAccreditations } = inboxOf(db, person);
  const [found] = await db
    .select({ id: notification.id, acceptanceNumber, accreditationId })
    .from(notification)
    .where(and(eq(notification.id, id), eq(notification.channel, 'app'), or(ofCases, ofAccreditations)));
  return found;
}

/**
 * Marks an entry of the APP inbox as read by a person, in whichever app; the first time counts.
 * @param at instant
 * @returns when it was read
 */
export async function markRead({ db }: Store, person: string, id: string, at: string): Promise<string | null> {
  const [marked] = await db
    .update(notification)
    // Of two values for a key the right one stays: what was there.
    .set({ readBy: sql`jsonb_build_object(${person}::text, ${at}::text) || ${notification.readBy}` })
    .where(eq(notification.id, id))
    .returning({ readAt: readAtBy(person) });
  return marked?.readAt ?? null;
}

/** How many entries of their APP inbox a person hasn't read. */
export async function countUnread({ db }: Store, person: string): Promise<number> {
  const { ofCases, ofAccreditations } = inboxOf(db, person);
  const unread = (about: SQL) =>
    db
      .select({ entries: count().as('entries') })
      .from(notification)
      .where(and(about, eq(notification.channel, 'app'), sql`not jsonb_exists(${notification.readBy}, ${person})`));
  const counts = await unread(ofCases).unionAll(unread(ofAccreditations));
  return counts.reduce((sum, { entries }) => sum + entries, 0);
}
