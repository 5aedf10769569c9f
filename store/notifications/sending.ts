import { and, asc, eq, exists, inArray, isNull, lte, ne, not, or, type SQL, sql } from 'drizzle-orm';
import type { Taken } from '../../domain/notifications/receipts.ts';
import type { Store } from '../open.ts';
import { given, isAny, prepared, slots } from '../prepared.ts';
import { type Addressed, attemptsAt, type KnownMessage } from './known.ts';
import { sealAttempt } from './personal.ts';
import { givenWithCarried, lockWithCarried, settle, stillToTell } from './settling.ts';
import { type AttemptRow, attempt, doneStates, type MessageRow, message } from './tables.ts';

/** Somebody else has begun to send the message since it was read. */
export class BegunElsewhere extends Error {}

/** A try that is about to be made. */
export interface Begin {
  provider: string;
  /** Instant by our own clock: providers are asked for what they got since. */
  startedAt: string;
  /** Instant. */
  now: string;
  /** The message as the provider gets it, with those that it carries. */
  inWords(message: KnownMessage): Addressed;
}

/**
 * Writes down that a message is about to be sent, and what the provider is given, so that whoever tries again asks for
 * that first. The first attempt at a collected message takes along the others like it to the same person whose time has
 * come by `now`; a later attempt says no more than the first.
 * @returns the attempt's number and what is to be sent; null where there is nothing to send any more, or another
 * message carries this one
 * @throws BegunElsewhere
 */
export async function beginAttempt(
  store: Store,
  known: KnownMessage,
  begin: Begin,
): Promise<{ number: number; sent: Addressed } | null> {
  const { row, carried } = known;
  // A message that goes by itself needs only one statement; where that finds another state than was read, the
  // transaction finds out which.
  const alone = row.leaving !== 'collected' && carried.length === 0 ? await beginAlone(store, known, begin) : null;
  return alone ?? beginTogether(store, known, begin);
}

async function beginAlone(
  store: Store,
  known: KnownMessage,
  { provider, startedAt, inWords }: Begin,
): Promise<{ number: number; sent: Addressed } | null> {
  const { row, attempts } = known;
  if (stillToTell(known).length === 0) return null;
  const sent = inWords(known);
  const key = { messageId: row.id, number: attempts.length + 1 };
  const values = { ...key, state: row.state, provider, startedAt, sealed: sealAttempt(store, key, sent) };
  const begun = await writeAttemptAlone(store.db, values);
  return begun.length > 0 ? { number: key.number, sent } : null;
}

function beginTogether(
  store: Store,
  known: KnownMessage,
  { provider, startedAt, now, inWords }: Begin,
): Promise<{ number: number; sent: Addressed } | null> {
  const { row, attempts: seen } = known;
  return store.db.transaction(async (tx) => {
    const condition = or(eq(message.id, row.id), eq(message.carriedBy, row.id), waitingBeside(row, now));
    const rows = await tx.select().from(message).where(condition).orderBy(asc(message.id)).for('update');
    const lead = rows.find(({ id }) => id === row.id);
    if (!lead || lead.state !== row.state || lead.carriedBy !== null) return null;
    // Read once the rows are locked: whoever held them may have begun one.
    const ids = rows.map(({ id }) => id);
    const attempts = await attemptsAt(tx, { ids });
    const begun = (id: string) => attempts.filter(({ messageId }) => messageId === id).length;
    if (begun(row.id) !== seen.length) throw new BegunElsewhere('being sent elsewhere');
    const carried = rows.filter(({ id, carriedBy }) => {
      return carriedBy === row.id || (seen.length === 0 && id !== row.id && begun(id) === 0);
    });
    if (stillToTell({ row: lead, carried }).length === 0) return null;
    const carriedIds = carried.map(({ id }) => id);
    if (carriedIds.length > 0) {
      await tx.update(message).set({ carriedBy: row.id }).where(inArray(message.id, carriedIds));
    }
    const sent = inWords({ ...known, carried });
    const key = { messageId: row.id, number: seen.length + 1 };
    await writeAttempt(tx, { ...key, provider, startedAt, sealed: sealAttempt(store, key, sent) });
    return { number: key.number, sent };
  });
}

const writeAttempt = prepared('attempt', (db) =>
  db.insert(attempt).values(slots('messageId', 'number', 'provider', 'startedAt', 'sealed')),
);

/**
 * Writes an attempt only if the message is as it was read, and nobody has taken the attempt's number since. It waits
 * for whoever is changing the message.
 */
const writeAttemptAlone = prepared('attempt of a message alone', (db) => {
  const { messageId, number, provider, startedAt, sealed, state } = given(
    'messageId',
    'number',
    'provider',
    'startedAt',
    'sealed',
    'state',
  );
  const asRead = and(eq(message.id, messageId), eq(message.state, state), isNull(message.carriedBy));
  const row = sql`${message.id}, ${number}::smallint, ${provider}::text, ${startedAt}::timestamptz,
    null, null, null, null, ${sealed}::text`;
  return db
    .insert(attempt)
    .select(sql`select ${row} from ${message} where ${asRead} for update`)
    .onConflictDoNothing()
    .returning({ number: attempt.number });
});

/** Others like a collected message, to the same person, whose time has come. */
function waitingBeside({ id, recipientKey, leaving, channel }: MessageRow, now: string): SQL | undefined {
  if (leaving !== 'collected') return undefined;
  return and(
    eq(message.recipientKey, recipientKey),
    eq(message.leaving, leaving),
    eq(message.channel, channel),
    eq(message.state, 'queued'),
    isNull(message.carriedBy),
    lte(message.leavesAt, now),
    ne(message.id, id),
  );
}

export type AttemptKey = Pick<AttemptRow, 'messageId' | 'number'>;

/** The provider has not taken it; what has become known of it meanwhile stays. */
export async function endAttempt(store: Store, key: AttemptKey, outcome: 'refused' | 'notTaken'): Promise<void> {
  await store.db
    .update(attempt)
    .set({ outcome })
    .where(and(ofAttempt(key), isNull(attempt.outcome)));
}

/**
 * The provider has taken a message, and with it those that it carries.
 * @param times `at` now, `askAt` when to ask for the receipt, null where there will be none (instants)
 */
export function markTaken(
  store: Store,
  key: AttemptKey,
  { providerId, state: receipt, failure }: Taken,
  { at, askAt }: { at: string; askAt: string | null },
): Promise<void> {
  if (receipt === 'underWay') return markUnderWay(store, { ...key, providerId, askAt, at });
  return store.db.transaction(async (tx) => {
    await lockWithCarried(tx, key.messageId);
    const taken = { outcome: 'taken' as const, providerId, receipt, askAt: null };
    const written = await tx.update(attempt).set(taken).where(ofAttempt(key)).returning();
    if (written.length > 0) await settle(tx, key.messageId, receipt, { at, failure });
  });
}

/**
 * What nearly every message comes to. One statement is enough: nothing is put into the inbox, for which the case or
 * accreditation would have to be locked.
 */
async function markUnderWay(
  { db }: Store,
  values: AttemptKey & { providerId: string; askAt: string | null; at: string },
): Promise<void> {
  await writeUnderWay(db, { ...values, id: values.messageId, stays: ['sent', ...doneStates] });
}

const writeUnderWay = prepared('message under way', (db) => {
  const { messageId, number, providerId, askAt, at } = given('messageId', 'number', 'providerId', 'askAt', 'at');
  // Locked first, as everybody locks: messages, then attempts.
  const locked = db
    .$with('locked')
    .as(db.select({ id: message.id }).from(message).where(givenWithCarried).orderBy(asc(message.id)).for('update'));
  // A try that is slow to write down what it knows must not take back what a receipt has said meanwhile.
  const isNew = or(isNull(attempt.receipt), eq(attempt.receipt, 'underWay'));
  const isLocked = exists(db.select({ id: locked.id }).from(locked));
  const condition = and(eq(attempt.messageId, messageId), eq(attempt.number, number), isNew, isLocked);
  const taken = db
    .$with('taken')
    .as(
      db
        .update(attempt)
        .set({ outcome: 'taken', receipt: 'underWay', providerId, askAt })
        .where(condition)
        .returning({ messageId: attempt.messageId }),
    );
  const isLockedMessage = inArray(message.id, db.select({ id: locked.id }).from(locked));
  const isTaken = exists(db.select({ messageId: taken.messageId }).from(taken));
  return db
    .with(locked, taken)
    .update(message)
    .set({ state: 'sent', settledAt: at, failure: null })
    .where(and(isLockedMessage, isTaken, not(isAny(message.state, 'stays'))));
});

/** The message can't be sent as it is, or nobody has taken it in all the time that was worth trying. */
export function markFailed(store: Store, id: string, failure: string, at: string): Promise<void> {
  return store.db.transaction(async (tx) => {
    await lockWithCarried(tx, id);
    await settle(tx, id, 'undelivered', { at, failure });
  });
}

export function ofAttempt({ messageId, number }: AttemptKey) {
  return and(eq(attempt.messageId, messageId), eq(attempt.number, number));
}
