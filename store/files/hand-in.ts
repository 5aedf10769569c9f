import { and, eq, gte, inArray, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Store, Transaction } from '../open.ts';
import { given, isAny, prepared } from '../prepared.ts';
import { file } from './tables.ts';

/** A file of a filing was handed in with another case a moment ago. */
export class FileTaken extends Error {}

/**
 * Of these files, those that this subject has uploaded and no case has yet. They are about to be handed in, and that
 * may take its time: so from `at` (instant) on they are kept as long as if they were new, or were an hour before.
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

const longWanted = alias(file, 'long_wanted');
/** What was wanted within the hour before is left as it is: no sweep comes near it, and most files are handed in then. */
const wanted = prepared('files wanted', (db) => {
  const { at, uploadedBy } = given('at', 'uploadedBy');
  const anHourAgo = sql`${at}::timestamptz - interval '1 hour'`;
  // Each file is old or recent by the same look, or one that another request renews just now would be neither.
  const old = db
    .select({ id: longWanted.id })
    .from(longWanted)
    .where(and(isAny(longWanted.id, 'ids'), lt(longWanted.wantedAt, anHourAgo)));
  const renewed = db.$with('renewed').as(
    db
      .update(file)
      .set({ wantedAt: at })
      .where(and(usable(uploadedBy), inArray(file.id, old)))
      .returning({ id: file.id }),
  );
  const isRenewed = inArray(file.id, db.select({ id: renewed.id }).from(renewed));
  const kept = or(gte(file.wantedAt, anHourAgo), isRenewed);
  return db
    .with(renewed)
    .select({ id: file.id })
    .from(file)
    .where(and(usable(uploadedBy), kept));
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
