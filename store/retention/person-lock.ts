import { sql } from 'drizzle-orm';
import type { Transaction } from '../open.ts';
import { prepared } from '../prepared.ts';
import { erasure } from './tables.ts';

/** Somebody files for a person of whom everything is being erased. */
export class BeingErased extends Error {}

/**
 * Keeps an erasure of this person from beginning before the transaction ends: what it files is then seen by it.
 * @throws BeingErased where one is under way
 */
export async function holdOffErasure(tx: Transaction, idNumberHash: string): Promise<void> {
  await shared(tx, { idNumberHash });
  // A query of its own: the one that waits for the lock sees what there was before it waited.
  if ((await underWay(tx, { idNumberHash })).length > 0) throw new BeingErased('Everything about them is being erased');
}

/** Waits for who files for this person, and keeps others from it until the transaction ends. */
export async function lockPerson(tx: Transaction, idNumberHash: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${keyOf(sql`${idNumberHash}`)})`);
}

const keyOf = (hash: unknown) => sql`hashtextextended(${hash}, 0)`;
const given = sql.placeholder('idNumberHash');
const shared = prepared('person shared', (db) =>
  db.select({ locked: sql`pg_advisory_xact_lock_shared(${keyOf(given)})` }).from(sql`(values (1)) as one`),
);
const underWay = prepared('erasure under way', (db) =>
  db.select({ id: erasure.id }).from(erasure).where(sql`${erasure.idNumberHash} = ${given}`),
);
