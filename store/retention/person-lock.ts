import { eq } from 'drizzle-orm';
import type { Transaction } from '../open.ts';
import { sharePerson } from '../people/lock.ts';
import { given, prepared } from '../prepared.ts';
import { erasure } from './tables.ts';

/** Somebody files for a person of whom everything is being erased. */
export class BeingErased extends Error {}

/**
 * Keeps an erasure of this person from beginning before the transaction ends: what it files is then seen by it.
 * @throws BeingErased where one is under way
 */
export async function holdOffErasure(tx: Transaction, idNumberHash: string): Promise<void> {
  await sharePerson(tx, idNumberHash);
  // A query of its own: the one that waits for the lock sees what there was before it waited.
  if ((await underWay(tx, { idNumberHash })).length > 0) throw new BeingErased('Everything about them is being erased');
}

const underWay = prepared('erasure under way', (db) =>
  db
    .select({ id: erasure.id })
    .from(erasure)
    .where(eq(erasure.idNumberHash, given('idNumberHash').idNumberHash)),
);
