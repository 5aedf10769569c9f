import { and, eq, ne, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { type ApplicationRow, application } from '../cases/tables.ts';
import type { Store } from '../open.ts';
import { isOf, prepared } from '../prepared.ts';
import { type FileRow, file } from './tables.ts';

export async function findFile(store: Store, id: string): Promise<FileRow | undefined> {
  return (await withId(store.db, { id }))[0];
}

/** The files that a case has. */
export function filesOfCase(store: Store, acceptanceNumber: string): Promise<FileRow[]> {
  return ofCase(store.db, { acceptanceNumber });
}

const ofCase = prepared('files of a case', (db) => db.select().from(file).where(isOf(file)));

const withId = prepared('file', (db) =>
  db
    .select()
    .from(file)
    .where(eq(file.id, sql.placeholder('id'))),
);

/**
 * Files of a case whose content was also handed in for somebody else: the same SHA-256 in a case of another ID number.
 * @returns by file id, acceptance numbers of such cases; four are enough to know that there are more than a person
 * wants to read
 */
export async function filesOfOthers(
  store: Store,
  { acceptanceNumber, idNumberHash }: Pick<ApplicationRow, 'acceptanceNumber' | 'idNumberHash'>,
): Promise<Map<string, string[]>> {
  const rows = await sharedFiles(store.db, { acceptanceNumber, idNumberHash });
  return new Map(rows.map(({ id, numbers }) => [id, numbers]));
}

const sameContent = alias(file, 'same');
const number = application.acceptanceNumber;
const sharedFiles = prepared('files of others', (db) =>
  db
    .select({ id: file.id, numbers: sql<string[]>`(array_agg(distinct ${number} order by ${number}))[1:4]` })
    .from(file)
    .innerJoin(sameContent, eq(sameContent.sha256, file.sha256))
    .innerJoin(application, eq(number, sameContent.acceptanceNumber))
    .where(and(isOf(file), ne(application.idNumberHash, sql.placeholder('idNumberHash'))))
    .groupBy(file.id),
);
