import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { accreditation } from '../accreditations/tables.ts';
import { application, formVersion } from '../cases/tables.ts';
import { file } from '../files/tables.ts';
import type { Database, Store, Transaction } from '../open.ts';

/** Something of a person's, and whether nothing can happen to it any more. */
export interface Holding {
  id: string;
  closed: boolean;
}

/** The store, or a transaction. */
interface Asking {
  db: Database | Transaction;
}

/** The cases of a person, oldest first. */
export function casesOfPerson({ db }: Asking, idNumberHash: string): Promise<Holding[]> {
  const { acceptanceNumber: id, closed, submittedAt } = application;
  return db
    .select({ id, closed })
    .from(application)
    .where(eq(application.idNumberHash, idNumberHash))
    .orderBy(submittedAt, id);
}

/** The accreditations of a person, oldest first. */
export function accreditationsOfPerson({ db }: Asking, idNumberHash: string): Promise<Holding[]> {
  const { id, closed, createdAt } = accreditation;
  return db
    .select({ id, closed })
    .from(accreditation)
    .where(eq(accreditation.idNumberHash, idNumberHash))
    .orderBy(createdAt, id);
}

/**
 * The cases of others in which a person is named as the agent (代办人), be it in a form that was corrected since; those
 * first that have the lowest numbers.
 */
export function casesOfAgent({ db }: Asking, idNumberHash: string): Promise<Holding[]> {
  const { acceptanceNumber: id, closed, erasedAt } = application;
  const inForce = db.select({ id }).from(application).where(eq(application.agentHash, idNumberHash));
  const earlier = db
    .select({ id: formVersion.acceptanceNumber })
    .from(formVersion)
    .where(eq(formVersion.agentHash, idNumberHash));
  return db
    .select({ id, closed })
    .from(application)
    .where(and(inArray(id, inForce.union(earlier)), isNull(erasedAt)))
    .orderBy(asc(id));
}

/**
 * Takes what a person has uploaded, through any app, and no case has, out of everybody's reach. Cut off, it finds again
 * what it took.
 * @param taker id in the place of the person's
 * @returns ids of the files
 */
export async function takeLooseFiles({ db }: Store, idNumberHash: string, taker: string): Promise<string[]> {
  const loose = and(inArray(file.uploadedBy, [idNumberHash, taker]), isNull(file.idNumberHash));
  const rows = await db.update(file).set({ uploadedBy: taker }).where(loose).returning({ id: file.id });
  return rows.map(({ id }) => id);
}

/** Deletes the rows of files whose contents are gone. */
export async function dropFiles({ db }: Store, ids: string[]): Promise<void> {
  if (ids.length > 0) await db.delete(file).where(inArray(file.id, ids));
}
