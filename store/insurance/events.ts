import { createHash } from 'node:crypto';
import { and, asc, eq, gte, isNull, lt, lte, ne, sql } from 'drizzle-orm';
import type { AccreditationMessages } from '../../domain/accreditations/messages.ts';
import { coreEventNames } from '../../domain/names.ts';
import type { CoreEventKind } from '../../domain/vocabulary.ts';
import { type AccreditationRow, accreditation } from '../accreditations/tables.ts';
import type { Store } from '../open.ts';
import { lockPerson } from '../people/lock.ts';
import { given, prepared } from '../prepared.ts';
import { type CoreEventRow, coreEvent } from './tables.ts';

/** What the insurance core has told of a person. */
export interface CoreEvent {
  /** The core's. */
  eventId: string;
  idNumber: string;
  kind: CoreEventKind;
  /** Shanghai date on which it happened. */
  happenedOn: string;
}

/**
 * Writes down what the core has told, before anything is done about it: from then on it isn't lost.
 * @param at instant
 * @returns false where something else was told under the same id
 */
export function keepEvent(store: Store, event: CoreEvent, at: string): Promise<boolean> {
  const { idNumber, ...told } = event;
  const row = { ...told, idNumberHash: store.keyring.hash(idNumber), receivedAt: at };
  return store.db.transaction(async (tx) => {
    await lockPerson(tx, row.idNumberHash);
    const kept = await tx.insert(coreEvent).values(row).onConflictDoNothing().returning({ id: coreEvent.eventId });
    if (kept.length > 0) return true;
    const [before] = await tx.select().from(coreEvent).where(eq(coreEvent.eventId, row.eventId));
    return (['idNumberHash', 'kind', 'happenedOn'] as const).every((field) => before?.[field] === row[field]);
  });
}

/**
 * People (hashes of ID numbers) of whom something was told that nobody has settled. In no order: those who can't be
 * settled must not keep the others from their turn.
 * @param today Shanghai date; what is to happen later waits for its day
 * @param before instant before which it was told: what comes after is under way
 */
export async function peopleWithUnsettled(
  { db }: Store,
  { today, before, limit }: { today: string; before: string; limit: number },
): Promise<string[]> {
  const unsettled = and(isNull(coreEvent.settledAt), lte(coreEvent.happenedOn, today));
  const rows = await db
    .select({ idNumberHash: coreEvent.idNumberHash })
    .from(coreEvent)
    .where(and(unsettled, lt(coreEvent.receivedAt, before)))
    .groupBy(coreEvent.idNumberHash)
    .orderBy(sql`random()`)
    .limit(limit);
  return rows.map(({ idNumberHash }) => idNumberHash);
}

/**
 * Revokes an accreditation, once for each `requestId`, or finds that it is revoked or over.
 * @returns `accepted` where it isn't recorded yet
 */
export type RevokeOnce = (
  row: AccreditationRow,
  revocation: AccreditationMessages['revoke'],
  requestId: string,
) => Promise<'done' | 'accepted'>;

/**
 * Does what follows from all that was told of a person and isn't settled, in the order in which it happened: what had
 * begun by the day of an event is revoked, what began later stays. What fails, or isn't recorded yet, stays unsettled.
 * @param now Shanghai date, and instant
 * @throws what `revoke` throws, after it was tried for everything that the event touches
 */
export async function settleEvents(
  store: Store,
  idNumberHash: string,
  now: { today: string; at: string },
  revoke: RevokeOnce,
): Promise<void> {
  for (const event of await unsettledOf(store, idNumberHash, now.today)) {
    const { eventId, kind, happenedOn, reopened } = event;
    const revocation = { by: 'insurance-core', cause: kind, reason: coreEventNames[kind], on: happenedOn };
    const touched = await touchedBy(store, event);
    const revoked = await Promise.allSettled(touched.map((row) => revoke(row, revocation, requestIdOf(event, row))));
    for (const one of revoked) if (one.status === 'rejected') throw one.reason;
    if (revoked.some((one) => one.status === 'fulfilled' && one.value !== 'done')) return;
    const asItWas = and(eq(coreEvent.eventId, eventId), eq(coreEvent.reopened, reopened));
    await store.db.update(coreEvent).set({ settledAt: now.at }).where(asItWas);
  }
}

function unsettledOf({ db }: Store, idNumberHash: string, today: string): Promise<CoreEventRow[]> {
  const ofPerson = and(eq(coreEvent.idNumberHash, idNumberHash), lte(coreEvent.happenedOn, today));
  return db
    .select()
    .from(coreEvent)
    .where(and(ofPerson, isNull(coreEvent.settledAt)))
    .orderBy(asc(coreEvent.happenedOn), asc(coreEvent.receivedAt), asc(coreEvent.eventId));
}

/** The person's accreditations that had begun by the day, as far as something can still happen to them. */
function touchedBy({ db }: Store, { idNumberHash, happenedOn }: CoreEventRow): Promise<AccreditationRow[]> {
  const lasting = and(eq(accreditation.closed, false), ne(accreditation.status, 'revoked'));
  return db
    .select()
    .from(accreditation)
    .where(and(eq(accreditation.idNumberHash, idNumberHash), lte(accreditation.begunOn, happenedOn), lasting))
    .orderBy(asc(accreditation.id));
}

/** The same for every try, from whichever process. The core's id is hashed: nobody knows what it is made of. */
function requestIdOf({ eventId }: CoreEventRow, { id }: AccreditationRow): string {
  return createHash('sha256')
    .update(JSON.stringify(['insurance-core', id, eventId]))
    .digest('hex');
}

/**
 * The first thing told of a person that stands against granting what was filed on a day: it happened then or later.
 * @param filedOn Shanghai date, as `today` is; what is to happen later doesn't count yet
 */
export async function eventAgainst(
  { db }: Store,
  idNumberHash: string,
  { filedOn, today }: { filedOn: string; today: string },
): Promise<CoreEventKind | undefined> {
  const [first] = await against(db, { idNumberHash, filedOn, today });
  return first?.kind;
}

const against = prepared('event against a grant', (db) => {
  const { idNumberHash, filedOn, today } = given('idNumberHash', 'filedOn', 'today');
  const since = and(gte(coreEvent.happenedOn, filedOn), lte(coreEvent.happenedOn, today));
  return db
    .select({ kind: coreEvent.kind })
    .from(coreEvent)
    .where(and(eq(coreEvent.idNumberHash, idNumberHash), since))
    .orderBy(asc(coreEvent.happenedOn), asc(coreEvent.receivedAt))
    .limit(1);
});
