import { and, eq, gte, inArray, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { HandingIn } from '../../domain/files/papers.ts';
import type { Store, Transaction } from '../open.ts';
import { given, insertion, isAny, prepared } from '../prepared.ts';
import { caseFile, file } from './tables.ts';

/** A file of a filing was handed in for somebody else a moment ago. */
export class FileTaken extends Error {}

/**
 * Of these files, those that may be handed in like this. They are about to be, and that may take its time: so from `at`
 * (instant) on they are kept as long as if they were new, or were an hour before.
 */
export async function wantFiles(store: Store, ids: string[], handing: HandingIn, at: string): Promise<Set<string>> {
  const rows = ids.length > 0 ? await wanted(store.db, { ids, at, ...handing }) : [];
  return new Set(rows.map(({ id }) => id));
}

/** What was never handed in is its uploader's; what was is its person's, and the uploader's for that person only. */
const usable = ({ by, person, all }: Record<keyof HandingIn, SQL>) => {
  const uploaded = eq(file.uploadedBy, by);
  const theirs = and(eq(file.idNumberHash, person), or(uploaded, sql`${all}::boolean`));
  return and(isAny(file.id, 'ids'), or(and(isNull(file.idNumberHash), uploaded), theirs));
};

const longWanted = alias(file, 'long_wanted');
/** What was wanted within the hour before is left as it is: no sweep comes near it, and most files are handed in then. */
const wanted = prepared('files wanted', (db) => {
  const { at, ...handing } = given('at', 'by', 'person', 'all');
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
      .where(and(usable(handing), inArray(file.id, old)))
      .returning({ id: file.id }),
  );
  const isRenewed = inArray(file.id, db.select({ id: renewed.id }).from(renewed));
  const kept = or(gte(file.wantedAt, anHourAgo), isRenewed);
  return db
    .with(renewed)
    .select({ id: file.id })
    .from(file)
    .where(and(usable(handing), kept));
});

/**
 * Makes files a case's: those that may be handed in like this. From then on they are papers of its person.
 * @returns how many they are
 */
export async function takeFiles(
  tx: Transaction,
  ids: string[],
  acceptanceNumber: string,
  handing: HandingIn,
): Promise<number> {
  const rows = ids.length > 0 ? await taken(tx, { ids, ...handing }) : [];
  if (rows.length > 0) {
    await give(
      tx,
      rows.map(({ id: fileId }) => ({ acceptanceNumber, fileId })),
    );
  }
  return rows.length;
}

const taken = prepared('files of a case taken', (db) => {
  const handing = given('by', 'person', 'all');
  return db.update(file).set({ idNumberHash: handing.person }).where(usable(handing)).returning({ id: file.id });
});

const give = insertion('files of a case', caseFile, ['acceptanceNumber', 'fileId']);

/** Whether any of these files was handed in for somebody else, or is being deleted. */
export async function someAreElsewhere(tx: Transaction, ids: string[], { person }: HandingIn): Promise<boolean> {
  const elsewhere = and(inArray(file.id, ids), ne(file.idNumberHash, person));
  return (await tx.select({ id: file.id }).from(file).where(elsewhere)).length > 0;
}
