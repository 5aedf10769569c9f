import { and, asc, eq, gte, inArray, isNull, lt, ne, notExists, notInArray, or, type SQL, sql } from 'drizzle-orm';
import { type AnnouncedChange, overtakenBy } from '../../domain/notifications/overtaken.ts';
import type { Database, Transaction } from '../open.ts';
import { given, isAny, isOf, prepared } from '../prepared.ts';
import { type Cause, isAbout, isOfAccreditation } from './about.ts';
import { attempt, doneStates, type MessagePurpose, message } from './tables.ts';

/**
 * Drops the 短信 that a change makes pointless (`overtakenBy`), so that nobody goes on trying to deliver them, least of
 * all by phone. A message that is queued and may leave at any time, or that somebody has begun to send, is still sent.
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

const overtake = prepared('messages overtaken', (db) => {
  const { settledAt } = given('settledAt');
  const held = and(ne(message.leaving, 'anyTime'), isNull(message.carriedBy), unbegun(db));
  const stopped = or(ne(message.state, 'queued'), held);
  return db
    .update(message)
    .set({ state: 'overtaken', settledAt })
    .where(and(isAny(message.id, 'ids'), stopped));
});

/**
 * The 短信 about earlier changes that may still have to be told. They are locked, since only then it is clear whether one
 * has been begun.
 */
const before = (db: Database | Transaction, about: SQL) =>
  db
    .select({ id: message.id, purpose: message.purpose, recipient: message.recipient })
    .from(message)
    .where(
      and(
        about,
        lt(message.sequence, sql.placeholder('sequence')),
        eq(message.channel, 'sms'),
        notInArray(message.state, doneStates),
        isAny(message.purpose, 'purposes'),
      ),
    )
    .orderBy(asc(message.id))
    .for('update');
const beforeInCase = prepared("messages before a case's change", (db) => before(db, isOf(message)));
const beforeIn = prepared("messages before an accreditation's change", (db) => before(db, isOfAccreditation));

/**
 * Takes back the messages of changes that turned out never to have happened: from a change on, all that nobody has
 * begun to send, and what lies in the APP inbox. They are deleted, since what is recorded in their place may have
 * messages with the same ids. What was begun stays, and so does what tells of phones, which no change has brought.
 */
export async function dropUnsaid(tx: Transaction, cause: Cause): Promise<void> {
  const ofChanges = and(isAbout(cause), gte(message.sequence, cause.sequence), notInArray(message.purpose, ofPhones));
  // Whether one has been begun is clear once it is locked.
  await tx.select({ id: message.id }).from(message).where(ofChanges).orderBy(asc(message.id)).for('update');
  const unsaid = and(inArray(message.state, ['queued', 'overtaken']), unbegun(tx));
  const rows = await tx
    .delete(message)
    .where(and(ofChanges, or(eq(message.channel, 'app'), unsaid)))
    .returning({ id: message.id });
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  // What a deleted message was to carry now goes by itself.
  await tx.update(message).set({ carriedBy: null }).where(inArray(message.carriedBy, ids));
}

const ofPhones: MessagePurpose[] = ['phoneCode', 'phoneReplaced'];

/** Of messages: those that nobody has begun to send, be it by the one that carries them. */
export function unbegun(tx: Database | Transaction): SQL {
  const sentAs = sql`coalesce(${message.carriedBy}, ${message.id})`;
  return notExists(tx.select().from(attempt).where(eq(attempt.messageId, sentAs)));
}
