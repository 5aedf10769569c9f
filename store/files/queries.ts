import { and, asc, eq, getTableColumns, isNull, ne, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { type ApplicationRow, application } from '../cases/tables.ts';
import type { Store } from '../open.ts';
import { isOf, prepared } from '../prepared.ts';
import { caseFile, type FileRow, file } from './tables.ts';

export async function findFile(store: Store, id: string): Promise<FileRow | undefined> {
  return (await withId(store.db, { id }))[0];
}

const withId = prepared('file', (db) =>
  db
    .select()
    .from(file)
    .where(eq(file.id, sql.placeholder('id'))),
);

/** The files that a case has. */
export function filesOfCase(store: Store, acceptanceNumber: string): Promise<FileRow[]> {
  return ofCase(store.db, { acceptanceNumber });
}

const ofCase = prepared('files of a case', (db) =>
  db.select(getTableColumns(file)).from(file).innerJoin(caseFile, eq(caseFile.fileId, file.id)).where(isOf(caseFile)),
);

/** The cases that a file was handed in with, but for erased ones; those first that were filed first. */
export function casesOfFile(store: Store, id: string): Promise<ApplicationRow[]> {
  return havingFile(store.db, { id });
}

const havingFile = prepared('cases of a file', (db) =>
  db
    .select(getTableColumns(application))
    .from(application)
    .innerJoin(caseFile, eq(caseFile.acceptanceNumber, application.acceptanceNumber))
    .where(and(eq(caseFile.fileId, sql.placeholder('id')), isNull(application.erasedAt)))
    .orderBy(asc(application.submittedAt), asc(application.acceptanceNumber)),
);

/**
 * Files of a case whose content was also handed in for somebody else: the same SHA-256 in a case of another ID number.
 * @returns by file id, acceptance numbers of such cases; four are enough to know that there are more than a person
 * wants to read
 */
export async function filesOfOthers(
  store: Store,
  { acceptanceNumber }: Pick<ApplicationRow, 'acceptanceNumber'>,
): Promise<Map<string, string[]>> {
  const rows = await sharedFiles(store.db, { acceptanceNumber });
  return new Map(rows.map(({ id, numbers }) => [id, numbers]));
}

const sameContent = alias(file, 'same');
const otherCase = alias(caseFile, 'other_case');
const number = otherCase.acceptanceNumber;
const sharedFiles = prepared('files of others', (db) =>
  db
    .select({ id: file.id, numbers: sql<string[]>`(array_agg(distinct ${number} order by ${number}))[1:4]` })
    .from(caseFile)
    .innerJoin(file, eq(file.id, caseFile.fileId))
    .innerJoin(sameContent, and(eq(sameContent.sha256, file.sha256), ne(sameContent.idNumberHash, file.idNumberHash)))
    .innerJoin(otherCase, eq(otherCase.fileId, sameContent.id))
    .where(isOf(caseFile))
    .groupBy(file.id),
);
