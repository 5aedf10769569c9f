import { and, desc, eq, gte, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { MaterialKind } from '../../domain/vocabulary.ts';
import { isVisibleTo } from '../cases/queries.ts';
import { application, material, timeline } from '../cases/tables.ts';
import type { Store } from '../open.ts';
import { isOf, prepared } from '../prepared.ts';
import { caseFile, file } from './tables.ts';

/** A file that was handed in, as what it was handed in last, with which case and when (instant). */
export interface Paper {
  id: string;
  contentType: string;
  size: number;
  uploadedAt: string;
  acceptanceNumber: string;
  idNumberHash: string;
  kind: MaterialKind;
  issuedOn: string | null;
  handedInAt: string;
}

export interface PapersFilter {
  /** Keyed hash of the ID number of who asks. */
  person: string;
  /** Shanghai date: medical records that were issued earlier are too old. */
  recordsSince: string;
  /** Where the last page ended. */
  after?: { uploadedAt: string; id: string } | undefined;
  limit: number;
}

/**
 * The papers that somebody may hand in again: what anybody handed in for them, and what they uploaded and handed in for
 * others as their agent. Newest first. Only cases that they may see are named.
 */
export function papersOf({ db }: Store, { person, recordsSince, after, limit }: PapersFilter): Promise<Paper[]> {
  const theirs = or(eq(application.idNumberHash, person), eq(file.uploadedBy, person));
  const { uploadedAt, id } = file;
  const latest = db
    .selectDistinctOn([uploadedAt, id], {
      ...{ id, contentType: file.contentType, size: file.size, uploadedAt },
      ...{ acceptanceNumber: application.acceptanceNumber, idNumberHash: application.idNumberHash },
      ...{ kind: material.kind, issuedOn: material.issuedOn, handedInAt: timeline.at },
    })
    .from(application)
    .innerJoin(caseFile, eq(caseFile.acceptanceNumber, application.acceptanceNumber))
    .innerJoin(file, eq(file.id, caseFile.fileId))
    .innerJoin(
      material,
      and(
        eq(material.acceptanceNumber, application.acceptanceNumber),
        sql`${material.fileIds} @> to_jsonb(${file.id})`,
      ),
    )
    .innerJoin(
      timeline,
      and(eq(timeline.acceptanceNumber, material.acceptanceNumber), eq(timeline.sequence, material.sequence)),
    )
    .where(and(isNull(application.erasedAt), isVisibleTo(person), theirs))
    .orderBy(desc(uploadedAt), desc(id), desc(timeline.at), desc(material.sequence), desc(material.position))
    .as('latest');
  const valid = or(ne(latest.kind, 'medicalRecord'), gte(latest.issuedOn, recordsSince));
  const further = after && sql`(${latest.uploadedAt}, ${latest.id}) < (${after.uploadedAt}, ${after.id})`;
  return db
    .select()
    .from(latest)
    .where(and(valid, further))
    .orderBy(desc(latest.uploadedAt), desc(latest.id))
    .limit(limit);
}

/**
 * The dates of issue with which a case's files were ever handed in, with whichever case of the person.
 * @returns by file id, each date once, oldest first
 */
export async function datesOfFiles(store: Store, acceptanceNumber: string): Promise<Map<string, string[]>> {
  const rows = await datesHandedIn(store.db, { acceptanceNumber });
  return new Map(rows.map(({ fileId, dates }) => [fileId, dates]));
}

const everyCase = alias(caseFile, 'every_case');
const { issuedOn } = material;
const datesHandedIn = prepared('dates of files', (db) =>
  db
    .select({
      fileId: caseFile.fileId,
      dates: sql<string[]>`array_agg(distinct ${issuedOn}::text order by ${issuedOn}::text)`,
    })
    .from(caseFile)
    .innerJoin(everyCase, eq(everyCase.fileId, caseFile.fileId))
    .innerJoin(
      material,
      and(
        eq(material.acceptanceNumber, everyCase.acceptanceNumber),
        sql`${material.fileIds} @> to_jsonb(${caseFile.fileId})`,
      ),
    )
    .where(and(isOf(caseFile), isNotNull(issuedOn)))
    .groupBy(caseFile.fileId),
);
