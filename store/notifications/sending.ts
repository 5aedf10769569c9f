import { and, asc, eq, exists, inArray, isNull, lte, ne, not, or, type SQL, sql } from 'drizzle-orm';
import type { Taken } from '../../domain/notifications/receipts.ts';
import type { Store } from '../open.ts';
import { given, isAny, prepared, slots } from '../prepared.ts';
import { type Addressed, attemptsAt, type KnownNotification } from './known.ts';
import { sealAttempt } from './personal.ts';
import { givenWithCarried, lockWithCarried, settle, stillToTell } from './settling.ts';
import { type AttemptRow, attempt, doneStates, type NotificationRow, notification } from './tables.ts';

/** Somebody else has begun to send the notification since it was read. */
export class BegunElsewhere extends Error {}

/** A try that is about to be made. */
export interface Begin {
  provider: string;
  /** Instant by our own clock: providers are asked for what they got since. */
  startedAt: string;
  /** Instant. */
  now: string;
  /** The notification as the provider gets it, with those that it carries. */
  inWords(notification: KnownNotification): Addressed;
}

/**
 * Writes down that a notification is about to be sent, and what the provider is given, so that whoever tries again asks
 * for that first. The first attempt at a collected notification takes along the others like it to the same person whose
 * time has come by `now`; a later attempt says no more than the first.
 * @returns the attempt's number and what is to be sent; null where there is nothing to send any more, or another
 * notification carries this one
 * @throws BegunElsewhere
 */
export async function beginAttempt(
  store: Store,
  known: KnownNotification,
  begin: Begin,
): Promise<{ number: number; sent: Addressed } | null> {
  const { row, carried } = known;
  // A notification that goes by itself needs only one statement; where that finds another state than was read, the
  // transaction finds out which.
  const alone = row.leaving !== 'collected' && carried.length === 0 ? await beginAlone(store, known, begin) : null;
  return alone ?? beginTogether(store, known, begin);
}

async function beginAlone(
  store: Store,
  known: KnownNotification,
  { provider, startedAt, inWords }: Begin,
): Promise<{ number: number; sent: Addressed } | null> {
  const { row, attempts } = known;
  if (stillToTell(known).length === 0) return null;
  const sent = inWords(known);
  const key = { notificationId: row.id, number: attempts.length + 1 };
  const values = { ...key, state: row.state, provider, startedAt, sealed: sealAttempt(store, key, sent) };
  const begun = await writeAttemptAlone(store.db, values);
  return begun.length > 0 ? { number: key.number, sent } : null;
}

function beginTogether(
  store: Store,
  known: KnownNotification,
  { provider, startedAt, now, inWords }: Begin,
): Promise<{ number: number; sent: Addressed } | null> {
  const { row, attempts: seen } = known;
  return store.db.transaction(async (tx) => {
    const condition = or(eq(notification.id, row.id), eq(notification.carriedBy, row.id), waitingBeside(row, now));
    const rows = await tx.select().from(notification).where(condition).orderBy(asc(notification.id)).for('update');
    const lead = rows.find(({ id }) => id === row.id);
    if (!lead || lead.state !== row.state || lead.carriedBy !== null) return null;
    // Read once the rows are locked: whoever held them may have begun one.
    const ids = rows.map(({ id }) => id);
    const attempts = await attemptsAt(tx, { ids });
    const begun = (id: string) => attempts.filter(({ notificationId }) => notificationId === id).length;
    if (begun(row.id) !== seen.length) throw new BegunElsewhere('being sent elsewhere');
    const carried = rows.filter(({ id, carriedBy }) => {
      return carriedBy === row.id || (seen.length === 0 && id !== row.id && begun(id) === 0);
    });
    if (stillToTell({ row: lead, carried }).length === 0) return null;
    const carriedIds = carried.map(({ id }) => id);
    if (carriedIds.length > 0) {
      await tx.update(notification).set({ carriedBy: row.id }).where(inArray(notification.id, carriedIds));
    }
    const sent = inWords({ ...known, carried });
    const key = { notificationId: row.id, number: seen.length + 1 };
    await writeAttempt(tx, { ...key, provider, startedAt, sealed: sealAttempt(store, key, sent) });
    return { number: key.number, sent };
  });
}

const writeAttempt = prepared('attempt', (db) =>
  db.insert(attempt).values(slots('notificationId', 'number', 'provider', 'startedAt', 'sealed')),
);

/**
 * Writes an attempt only if the notification is as it was read, and nobody has taken the attempt's number since. It
 * waits for whoever is changing the notification.
 */
const writeAttemptAlone = prepared('attempt of a notification alone', (db) => {
  const { notificationId, number, provider, startedAt, sealed, state } = given(
    'notificationId',
    'number',
    'provider',
    'startedAt',
    'sealed',
    'state',
  );
  const asRead = and(
    eq(notification.id, notificationId),
    eq(notification.state, state),
    isNull(notification.carriedBy),
  );
  const row = sql`${notification.id}, ${number}::smallint, ${provider}::text, ${startedAt}::timestamptz,
    null, null, null, null, ${sealed}::text`;
  return db
    .insert(attempt)
    .select(sql`select ${row} from ${notification} where ${asRead} for update`)
    .onConflictDoNothing()
    .returning({ number: attempt.number });
});

/** Others like a collected notification, to the same person, whose time has come. */
function waitingBeside({ id, recipientKey, leaving, channel }: NotificationRow, now: string): SQL | undefined {
  if (leaving !== 'collected') return undefined;
  return and(
    eq(notification.recipientKey, recipientKey),
    eq(notification.leaving, leaving),
    eq(notification.channel, channel),
    eq(notification.state, 'queued'),
    isNull(notification.carriedBy),
    lte(notification.leavesAt, now),
    ne(notification.id, id),
  );
}

export type AttemptKey = Pick<AttemptRow, 'notificationId' | 'number'>;

/** The provider has not taken it; what has become known of it meanwhile stays. */
export async function endAttempt(store: Store, key: AttemptKey, outcome: 'refused' | 'notTaken'): Promise<void> {
  await store.db
    .update(attempt)
    .set({ outcome })
    .where(and(ofAttempt(key), isNull(attempt.outcome)));
}

/**
 * The provider has taken a notification, and with it those that it carries.
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
    await lockWithCarried(tx, key.notificationId);
    const taken = { outcome: 'taken' as const, providerId, receipt, askAt: null };
    const written = await tx.update(attempt).set(taken).where(ofAttempt(key)).returning();
    if (written.length > 0) await settle(tx, key.notificationId, receipt, { at, failure });
  });
}

/**
 * What nearly every notification comes to. One statement is enough: nothing is put into the inbox, for which the case
 * or accreditation would have to be locked.
 */
async function markUnderWay(
  { db }: Store,
  values: AttemptKey & { providerId: string; askAt: string | null; at: string },
): Promise<void> {
  await writeUnderWay(db, { ...values, id: values.notificationId, stays: ['dispatched', ...doneStates] });
}

const writeUnderWay = prepared('notification under way', (db) => {
  const { notificationId, number, providerId, askAt, at } = given(
    'notificationId',
    'number',
    'providerId',
    'askAt',
    'at',
  );
  // Locked first, as everybody locks: notifications, then attempts.
  const locked = db
    .$with('locked')
    .as(
      db
        .select({ id: notification.id })
        .from(notification)
        .where(givenWithCarried)
        .orderBy(asc(notification.id))
        .for('update'),
    );
  // A try that is slow to write down what it knows must not take back what a receipt has said meanwhile.
  const isNew = or(isNull(attempt.receipt), eq(attempt.receipt, 'underWay'));
  const isLocked = exists(db.select({ id: locked.id }).from(locked));
  const condition = and(eq(attempt.notificationId, notificationId), eq(attempt.number, number), isNew, isLocked);
  const taken = db
    .$with('taken')
    .as(
      db
        .update(attempt)
        .set({ outcome: 'taken', receipt: 'underWay', providerId, askAt })
        .where(condition)
        .returning({ notificationId: attempt.notificationId }),
    );
  const isLockedNotification = inArray(notification.id, db.select({ id: locked.id }).from(locked));
  const isTaken = exists(db.select({ notificationId: taken.notificationId }).from(taken));
  return db
    .with(locked, taken)
    .update(notification)
    .set({ state: 'dispatched', settledAt: at, failure: null })
    .where(and(isLockedNotification, isTaken, not(isAny(notification.state, 'stays'))));
});

/** The notification can't be sent as it is, or nobody has taken it in all the time that was worth trying. */
export function markFailed(store: Store, id: string, failure: string, at: string): Promise<void> {
  return store.db.transaction(async (tx) => {
    await lockWithCarried(tx, id);
    await settle(tx, id, 'undelivered', { at, failure });
  });
}

export function ofAttempt({ notificationId, number }: AttemptKey) {
  return and(eq(attempt.notificationId, notificationId), eq(attempt.number, number));
}
