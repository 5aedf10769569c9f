import { and, asc, eq, inArray, isNull, ne, notExists } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { application } from '../cases/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { removeContents } from './content.ts';
import { caseFile, file, GOING } from './tables.ts';

const another = alias(caseFile, 'another');

/**
 * Takes the files of a case that is being erased, and that no other standing case has, out of everybody's reach: nobody
 * hands one in any more. Before their contents go, so that none that is in use loses its own.
 * @returns their ids; again the same ones, where it was cut off
 */
export function releaseFiles(store: Store, acceptanceNumber: string): Promise<string[]> {
  return store.db.transaction(async (tx) => {
    const ids = await lockFilesOf(tx, acceptanceNumber);
    if (ids.length === 0) return [];
    // A query of its own: it sees the case with which one was handed in while the lock was waited for.
    const keeping = tx
      .select({ number: another.acceptanceNumber })
      .from(another)
      .innerJoin(application, eq(application.acceptanceNumber, another.acceptanceNumber))
      .where(
        and(eq(another.fileId, file.id), ne(another.acceptanceNumber, acceptanceNumber), isNull(application.erasedAt)),
      );
    const rows = await tx
      .update(file)
      .set({ idNumberHash: GOING })
      .where(and(inArray(file.id, ids), notExists(keeping)))
      .returning({ id: file.id });
    return rows.map(({ id }) => id);
  });
}

/**
 * Deletes the contents of files. Their rows, which are locked meanwhile so that nobody writes a content anew, go
 * afterwards: one whose row is gone would never be found again. One that isn't there any more is no error.
 */
export async function eraseContents(store: Store, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await store.db.transaction(async (tx) => {
    await tx.select({ id: file.id }).from(file).where(inArray(file.id, ids)).orderBy(asc(file.id)).for('update');
    await removeContents(store, ids);
  });
}

/**
 * Takes its files from a case, and deletes the rows of those that no other case has.
 * @returns how many those are
 */
export async function dropFilesOf(tx: Transaction, acceptanceNumber: string): Promise<number> {
  // Locked, or two cases that go at the same time would each leave a file to the other.
  const ids = await lockFilesOf(tx, acceptanceNumber);
  await tx.delete(caseFile).where(eq(caseFile.acceptanceNumber, acceptanceNumber));
  if (ids.length === 0) return 0;
  const kept = tx.select({ id: caseFile.fileId }).from(caseFile).where(eq(caseFile.fileId, file.id));
  const gone = await tx
    .delete(file)
    .where(and(inArray(file.id, ids), notExists(kept)))
    .returning({ id: file.id });
  return gone.length;
}

async function lockFilesOf(tx: Transaction, acceptanceNumber: string): Promise<string[]> {
  const ofCase = tx
    .select({ id: caseFile.fileId })
    .from(caseFile)
    .where(eq(caseFile.acceptanceNumber, acceptanceNumber));
  const rows = await tx
    .select({ id: file.id })
    .from(file)
    .where(inArray(file.id, ofCase))
    .orderBy(asc(file.id))
    .for('update');
  return rows.map(({ id }) => id);
}
