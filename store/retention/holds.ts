import { randomUUID } from 'node:crypto';
import { and, asc, eq, inArray, isNull, notExists, or, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { type ApplicationRow, application } from '../cases/tables.ts';
import type { Database, Store, Transaction } from '../open.ts';
import { lockPerson } from '../people/lock.ts';
import { legalHold } from './tables.ts';

/** What a legal hold (法律保留) is for: a person, by the keyed hash of the ID number, or one case. */
export type Held = { idNumberHash: string } | { acceptanceNumber: string };

/** Something is under a legal hold: nothing of it is erased. */
export class UnderHold extends Error {}

/** There is no such case, or it was erased. */
export class NothingToHold extends Error {}

/** Who sets or lifts a hold, why, and when (instant). */
export interface Act {
  by: string;
  reason: string;
  at: string;
}

/**
 * Sets a hold; it waits for what is being erased just now.
 * @returns false where there is one already
 * @throws NothingToHold
 */
export function setHold(store: Store, held: Held, { by, reason, at }: Act): Promise<boolean> {
  return store.db.transaction(async (tx) => {
    await lockPerson(tx, await hashOf(tx, held));
    // Only now: it may have been erased meanwhile.
    if ('acceptanceNumber' in held) await hashOf(tx, held);
    const row = { id: randomUUID(), ...held, setBy: by, setAt: at, reason };
    return (await tx.insert(legalHold).values(row).onConflictDoNothing().returning()).length > 0;
  });
}

/** @returns false where there is none */
export async function liftHold(store: Store, held: Held, { by, reason, at }: Act): Promise<boolean> {
  return store.db.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(legalHold)
      .where(and(isFor(held), stands))
      .for('update');
    if (!row) return false;
    const lifted = { liftedBy: by, liftedAt: at, liftReason: reason };
    await tx.update(legalHold).set(lifted).where(eq(legalHold.id, row.id));
    return true;
  });
}

async function hashOf(tx: Transaction, held: Held): Promise<string> {
  if ('idNumberHash' in held) return held.idNumberHash;
  const standing = and(eq(application.acceptanceNumber, held.acceptanceNumber), isNull(application.erasedAt));
  const [row] = await tx.select({ hash: application.idNumberHash }).from(application).where(standing);
  if (!row) throw new NothingToHold('There is no such case');
  return row.hash;
}

const stands = isNull(legalHold.liftedAt);

function isFor(held: Held): SQL {
  return 'idNumberHash' in held
    ? eq(legalHold.idNumberHash, held.idNumberHash)
    : eq(legalHold.acceptanceNumber, held.acceptanceNumber);
}

/** All holds that stand, oldest first. */
export function standingHolds({ db }: Store) {
  const { idNumberHash, acceptanceNumber, setBy, setAt, reason } = legalHold;
  return db
    .select({ idNumberHash, acceptanceNumber, setBy, setAt, reason })
    .from(legalHold)
    .where(stands)
    .orderBy(asc(setAt));
}
export type StandingHold = Awaited<ReturnType<typeof standingHolds>>[number];

/** The holds that keep anything of a person's, oldest first: the person's own and those of their cases. */
export function holdsOn({ db }: { db: Database | Transaction }, idNumberHash: string) {
  const { acceptanceNumber, setBy, setAt, reason } = legalHold;
  const ofPerson = or(eq(legalHold.idNumberHash, idNumberHash), eq(application.idNumberHash, idNumberHash));
  return db
    .select({ acceptanceNumber, setBy, setAt, reason })
    .from(legalHold)
    .leftJoin(application, eq(application.acceptanceNumber, acceptanceNumber))
    .where(and(ofPerson, stands))
    .orderBy(asc(setAt));
}

/** @throws UnderHold where a hold keeps this person, or one of their cases */
export async function assertFree(tx: Transaction, idNumberHash: string): Promise<void> {
  if ((await holdsOn({ db: tx }, idNumberHash)).length > 0) throw new UnderHold('A legal hold keeps it');
}

/**
 * Condition: no hold stands for the person, nor for the case; where no case is given, for none of the person's, since
 * what an accreditation has goes with the case that brought it. As `assertCaseFree` and `assertFree` say of one.
 * @param idNumberHash a column, or a query for one value; of nobody (null) nothing is held
 */
export function unheld(db: Database, idNumberHash: SQLWrapper, acceptanceNumber?: AnyPgColumn): SQL {
  const ofPerson = db
    .select({ number: application.acceptanceNumber })
    .from(application)
    .where(sql`${application.idNumberHash} = ${idNumberHash}`);
  const number = legalHold.acceptanceNumber;
  const ofCase = acceptanceNumber ? eq(number, acceptanceNumber) : inArray(number, ofPerson);
  const either = or(sql`${legalHold.idNumberHash} = ${idNumberHash}`, ofCase);
  return notExists(db.select({ id: legalHold.id }).from(legalHold).where(and(stands, either)));
}

/** The row's case, or its person, is under a hold: for retention, which goes case by case. */
export async function assertCaseFree(
  tx: Transaction,
  { acceptanceNumber, idNumberHash }: Pick<ApplicationRow, 'acceptanceNumber' | 'idNumberHash'>,
): Promise<void> {
  const either = or(eq(legalHold.idNumberHash, idNumberHash), eq(legalHold.acceptanceNumber, acceptanceNumber));
  const rows = await tx.select({ id: legalHold.id }).from(legalHold).where(and(either, stands));
  if (rows.length > 0) throw new UnderHold('A legal hold keeps it');
}
