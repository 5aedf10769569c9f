import { and, eq, gte, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Uploaded } from '../../domain/files/quota.ts';
import type { Database, Transaction } from '../open.ts';
import { given, prepared } from '../prepared.ts';
import { file } from './tables.ts';

/** What an account has uploaded, and since when (instant) the longest unused of its files is wanted. */
export interface Usage extends Uploaded {
  unusedSince: string | null;
}

/** @param since instant at which the day began */
export async function usageOf(
  db: Database | Transaction,
  { uploadedBy, since }: { uploadedBy: string; since: string },
): Promise<Usage> {
  const [row] = (await usage(db, { uploadedBy, since })) as [Awaited<ReturnType<typeof usage>>[number]];
  const { dailyFiles, dailyBytes, unusedFiles, unusedBytes, unusedSince } = row;
  return {
    daily: { files: dailyFiles, bytes: dailyBytes },
    unused: { files: unusedFiles, bytes: unusedBytes },
    unusedSince: unusedSince === null ? null : new Date(unusedSince).toISOString(),
  };
}

const count = (which: SQL) => sql<number>`count(*) filter (where ${which})`.mapWith(Number);
const bytes = (which: SQL) => sql<number>`coalesce(sum(${file.size}) filter (where ${which}), 0)`.mapWith(Number);

const usage = prepared('what an account has uploaded', (db) => {
  const { uploadedBy, since } = given('uploadedBy', 'since');
  const today = gte(file.uploadedAt, since);
  const unused = isNull(file.idNumberHash);
  return db
    .select({
      dailyFiles: count(today),
      dailyBytes: bytes(today),
      unusedFiles: count(unused),
      unusedBytes: bytes(unused),
      unusedSince: sql<string | null>`min(${file.wantedAt}) filter (where ${unused})`,
    })
    .from(file)
    .where(and(eq(file.uploadedBy, uploadedBy), or(today, unused)));
});
