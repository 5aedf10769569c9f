import { and, asc, desc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { AccreditationStatus } from '../../domain/vocabulary.ts';
import type { Database, Store, Transaction } from '../open.ts';
import { prepared } from '../prepared.ts';
import { type AccreditationRow, accreditation, accreditationEntry } from './tables.ts';

export function findAccreditation({ db }: Store, id: string): Promise<AccreditationRow | undefined> {
  return accreditationWith(db, id);
}

/** As `findAccreditation`, also within a transaction. */
export async function accreditationWith(db: Database | Transaction, id: string): Promise<AccreditationRow | undefined> {
  const [row] = await numbered(db, { id });
  return row;
}

const numbered = prepared('accreditation', (db) =>
  db
    .select()
    .from(accreditation)
    .where(eq(accreditation.id, sql.placeholder('id'))),
);

/** Whether a source (an acceptance number) has brought an accreditation. */
export async function grantedFor({ db }: Store, sourceKey: string): Promise<boolean> {
  return (await db.$count(accreditation, eq(accreditation.sourceKey, sourceKey))) > 0;
}

/** A person's accreditations that something can still happen to, the one that lasts longest first. */
export async function accreditationsOf(
  store: Store,
  idNumber: string,
  diseaseCode?: string,
): Promise<AccreditationRow[]> {
  const rows = await lastingOf(store.db, { idNumberHash: store.keyring.hash(idNumber) });
  return rows.filter((row) => diseaseCode === undefined || row.diseaseCode === diseaseCode);
}

const lastingOf = prepared('lasting accreditations', (db) =>
  db
    .select()
    .from(accreditation)
    .where(and(eq(accreditation.idNumberHash, sql.placeholder('idNumberHash')), eq(accreditation.closed, false)))
    .orderBy(sql`${accreditation.validUntil} desc nulls first`),
);

/** What happened to an accreditation, in order. */
export function accreditationTimeline(store: Store, id: string) {
  const ofOne = eq(accreditationEntry.accreditationId, id);
  return store.db.select().from(accreditationEntry).where(ofOne).orderBy(asc(accreditationEntry.sequence));
}

/** Whether an Update with this id has changed the accreditation: its answer may be lost, its effect is not. */
export async function wasAccreditationRecorded(store: Store, id: string, requestId: string): Promise<boolean> {
  const { accreditationId, requestId: cause, sequence } = accreditationEntry;
  const where = and(eq(accreditationId, id), eq(cause, requestId));
  return (await store.db.select({ sequence }).from(accreditationEntry).where(where)).length > 0;
}

export interface AccreditationFilter {
  /** Only this person's: the keyed hash of their ID number. */
  idNumberHash?: string | undefined;
  status?: AccreditationStatus | undefined;
  /** Where the last page ended. */
  after?: { createdAt: string; id: string } | undefined;
  limit: number;
}

/** Newest first, without erased ones. */
export function listAccreditations(store: Store, filter: AccreditationFilter) {
  const { idNumberHash, status, after, limit } = filter;
  const { createdAt, id } = accreditation;
  const where: (SQL | undefined)[] = [
    isNull(accreditation.erasedAt),
    idNumberHash === undefined ? undefined : eq(accreditation.idNumberHash, idNumberHash),
    status && eq(accreditation.status, status),
    after && sql`(${createdAt}, ${id}) < (${after.createdAt}, ${after.id})`,
  ];
  const order = [desc(createdAt), desc(id)];
  return store.db
    .select()
    .from(accreditation)
    .where(and(...where))
    .orderBy(...order)
    .limit(limit);
}
