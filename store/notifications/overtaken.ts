import { and, asc, eq, gte, inArray, isNull, lt, ne, notExists, notInArray, or, type SQL, sql } from 'drizzle-orm';
import { type AnnouncedChange, overtakenBy } from '../../domain/notifications/overtaken.ts';
import type { Database, Transaction } from '../open.ts';
import { given, isAny, isOf, prepared } from '../prepared.ts';
import { type Cause, isAbout, isOfAccreditation } from './about.ts';
import { attempt, doneStates, type NotificationPurpose, notification } from './tables.ts';

/**
 * Drops the 短信 that a change makes pointless (`overtakenBy`), so that nobody goes on trying to deliver them, least of
 * all by phone. A notification that is queued and may leave at any time, or that somebody has begun to send, is still
 * sent.
 * @param at instant of the change
 */
export async function dropOvertaken(tx: Transaction, cause: Cause, change: AnnouncedChange, at: string): Promise<void> {
  const over = overtakenBy(change);
  // Before the first change nothing was told that could be overtaken.
  if (over.length === 0 || cause.sequence <= 1) return;
  const values = { ...cause, purposes: over.map(({ purpose }) => purpose) };
  const earlier = await ('acceptanceNumber' in cause ? beforeInCase(tx, values) : beforeIn(tx, values));
  const pointless = earlier.filter((row) => {
    return over.some(
      ({ purpose, recipient = row.recipient }) => row.purpose === purpose && row.recipient === recipient,
    );
  });
  if (pointless.length > 0) await overtake(tx, { ids: pointless.map(({ id }) => id), settledAt: at });
}

const overtake = prepared('notifications overtaken', (db) => {
  const { settledAt } = given('settledAt');
  const held = and(ne(notification.leaving, 'anyTime'), isNull(notification.carriedBy), unbegun(db));
  const stopped = or(ne(notification.state, 'queued'), held);
  return db
    .update(notification)
    .set({ state: 'overtaken', settledAt })
    .where(and(isAny(notification.id, 'ids'), stopped));
});

/**
 * The 短信 about earlier changes that may still have to be told. They are locked, since only then it is clear whether one
 * has been begun.
 */
const before = (db: Database | Transaction, about: SQL) =>
  db
    .select({ id: notification.id, purpose: notification.purpose, recipient: notification.recipient })
    .from(notification)
    .where(
      and(
        about,
        lt(notification.sequence, sql.placeholder('sequence')),
        eq(notification.channel, 'sms'),
        notInArray(notification.state, doneStates),
        isAny(notification.purpose, 'purposes'),
      ),
    )
    .orderBy(asc(notification.id))
    .for('update');
const beforeInCase = prepared("notifications before a case's change", (db) => before(db, isOf(notification)));
const beforeIn = prepared("notifications before an accreditation's change", (db) => before(db, isOfAccreditation));

/**
 * Takes back the notifications of changes that turned out never to have happened: from a change on, all that nobody has
 * begun to send, and what lies in the APP inbox. They are deleted, since what is recorded in their place may have
 * notifications with the same ids. What was begun stays, and so does what tells of phones, which no change has brought.
 */
export async function dropUnsaid(tx: Transaction, cause: Cause): Promise<void> {
  const ofChanges = and(
    isAbout(notification, cause),
    gte(notification.sequence, cause.sequence),
    notInArray(notification.purpose, ofPhones),
  );
  // Whether one has been begun is clear once it is locked.
  await tx
    .select({ id: notification.id })
    .from(notification)
    .where(ofChanges)
    .orderBy(asc(notification.id))
    .for('update');
  const unsaid = and(inArray(notification.state, ['queued', 'overtaken']), unbegun(tx));
  const rows = await tx
    .delete(notification)
    .where(and(ofChanges, or(eq(notification.channel, 'app'), unsaid)))
    .returning({ id: notification.id });
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  // What a deleted notification was to carry now goes by itself.
  await tx.update(notification).set({ carriedBy: null }).where(inArray(notification.carriedBy, ids));
}

const ofPhones: NotificationPurpose[] = ['phoneCode', 'phoneReplaced'];

/** Of notifications: those that nobody has begun to send, be it by the one that carries them. */
export function unbegun(tx: Database | Transaction): SQL {
  const sentAs = sql`coalesce(${notification.carriedBy}, ${notification.id})`;
  return notExists(tx.select().from(attempt).where(eq(attempt.notificationId, sentAs)));
}
