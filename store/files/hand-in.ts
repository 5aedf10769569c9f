import { and, eq, inArray, isNull, ne, type SQL } from 'drizzle-orm';
import type { Store, Transaction } from '../open.ts';
import { given, isAny, prepared } from '../prepared.ts';
import { file } from './tables.ts';

/** A file of a filing was handed in with another case a moment ago. */
export class FileTaken extends Error {}

/**
 * Of these files, those that this subject has uploaded and no case has yet. They are about to be handed in, and that
 * may take its time: so from `at` (instant) on they are kept as long as if they were new.
 */
export async function wantFiles(
  { db }: Store,
  ids: string[],
  { uploadedBy, at }: { uploadedBy: string; at: string },
): Promise<Set<string>> {
  const rows = ids.length > 0 ? await wanted(db, { ids, uploadedBy, at }) : [];
  return new Set(rows.map(({ id }) => id));
}

const usable = (uploadedBy: SQL) =>
  and(isAny(file.id, 'ids'), eq(file.uploadedBy, uploadedBy), isNull(file.acceptanceNumber));

const wanted = prepared('files wanted', (db) => {
  const { at, uploadedBy } = given('at', 'uploadedBy');
  return db.update(file).set({ wantedAt: at }).where(usable(uploadedBy)).returning({ id: file.id });
});

/**
 * Makes files a case's: those that this subject has uploaded, and that no case has yet.
 * @returns how many they are
 */
export async function takeFiles(
  tx: Transaction,
  ids: string[],
  { acceptanceNumber, uploadedBy }: { acceptanceNumber: string; uploadedBy: string },
): Promise<number> {
  return ids.length > 0 ? (await taken(tx, { ids, uploadedBy, acceptanceNumber })).length : 0;
}

const taken = prepared('files of a case taken', (db) => {
  const { acceptanceNumber, uploadedBy } = given('acceptanceNumber', 'uploadedBy');
  return db.update(file).set({ acceptanceNumber }).where(usable(uploadedBy)).returning({ id: file.id });
});

/** Whether any of these files is another case's. */
export async function someBelongElsewhere(tx: Transaction, acceptanceNumber: string, ids: string[]): Promise<boolean> {
  const elsewhere = and(inArray(file.id, ids), ne(file.acceptanceNumber, acceptanceNumber));
  return (await tx.select({ id: file.id }).from(file).where(elsewhere)).length > 0;
}
