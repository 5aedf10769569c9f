import { and, asc, eq, gte, isNotNull, isNull, lt, ne, notExists, or, sql } from 'drizzle-orm';
import { shanghaiDate } from '../../domain/dates.ts';
import { accreditation, accreditationEntry } from '../accreditations/tables.ts';
import { application, timeline } from '../cases/tables.ts';
import type { Store } from '../open.ts';
import { unheld } from './holds.ts';
import { erasableAccreditation, erasableCase } from './take-out.ts';

const one = { one: sql`1` };

/**
 * Accreditations that nothing has happened to since an instant, and that are over, and those whose erasure was cut off. What is under
 * a legal hold isn't due.
 * @returns ids, in their order
 */
export async function dueAccreditations({ db }: Store, before: string, limit: number): Promise<string[]> {
  const { id, erasedAt, createdAt, validUntil, idNumberHash } = accreditation;
  const { accreditationId, at } = accreditationEntry;
  const later = db
    .select(one)
    .from(accreditationEntry)
    .where(and(eq(accreditationId, id), gte(at, before)));
  const ended = or(isNull(validUntil), lt(validUntil, shanghaiDate(before)));
  const over = and(lt(createdAt, before), ended, notExists(later));
  const rows = await db
    .select({ id })
    .from(accreditation)
    .where(and(erasableAccreditation, or(isNotNull(erasedAt), and(over, unheld(db, idNumberHash)))))
    .orderBy(asc(id))
    .limit(limit);
  return rows.map((row) => row.id);
}

/**
 * Closed cases that nothing has happened to since an instant, and whose accreditation, where there is one, is erased;
 * and those whose erasure was cut off. What is under a legal hold isn't due.
 * @returns acceptance numbers, those first that were filed first
 */
export async function dueCases({ db }: Store, before: string, limit: number): Promise<string[]> {
  const { acceptanceNumber, erasedAt, submittedAt, idNumberHash, accreditationId } = application;
  const later = db
    .select(one)
    .from(timeline)
    .where(and(eq(timeline.acceptanceNumber, acceptanceNumber), gte(timeline.at, before)));
  const lasting = db
    .select(one)
    .from(accreditation)
    .where(and(eq(accreditation.id, accreditationId), ne(accreditation.idNumberHash, '')));
  const over = and(lt(submittedAt, before), notExists(later), notExists(lasting));
  const rows = await db
    .select({ acceptanceNumber })
    .from(application)
    .where(and(erasableCase, or(isNotNull(erasedAt), and(over, unheld(db, idNumberHash, acceptanceNumber)))))
    .orderBy(asc(submittedAt), asc(acceptanceNumber))
    .limit(limit);
  return rows.map((row) => row.acceptanceNumber);
}
