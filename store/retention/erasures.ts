import { randomUUID } from 'node:crypto';
import { and, arrayContains, asc, eq, isNotNull, sql } from 'drizzle-orm';
import { accreditation } from '../accreditations/tables.ts';
import { auditEntry } from '../audit/tables.ts';
import { application } from '../cases/tables.ts';
import { coreEvent } from '../insurance/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { lockPerson } from '../people/lock.ts';
import { type Act, assertFree } from './holds.ts';
import { casesOfAgent, type Holding } from './person.ts';
import { type ErasureRow, erasure, legalHold } from './tables.ts';

/** Something can still happen to what would be erased. */
export class StillOpen extends Error {
  readonly cases: string[];
  /** Of others, for whom they act. */
  readonly asAgent: string[];
  readonly accreditations: string[];

  constructor({ cases, asAgent, accreditations }: Record<'cases' | 'asAgent' | 'accreditations', string[]>) {
    super('Something can still happen to it');
    this.cases = cases;
    this.asAgent = asAgent;
    this.accreditations = accreditations;
  }
}

/**
 * Begins to erase a person, or goes on with what was begun: from then on nobody files for them until it is finished.
 * @throws UnderHold, StillOpen
 */
export async function beginErasure(store: Store, idNumberHash: string, { by, reason, at }: Act): Promise<ErasureRow> {
  const represented = await casesOfAgent(store, idNumberHash);
  return store.db.transaction(async (tx) => {
    await lockPerson(tx, idNumberHash);
    await assertFree(tx, idNumberHash);
    const [begun] = await tx.select().from(erasure).where(eq(erasure.idNumberHash, idNumberHash));
    if (begun) return begun;
    await assertClosed(tx, idNumberHash, represented);
    const row = { id: randomUUID(), idNumberHash, by, reason, startedAt: at };
    const [written] = await tx.insert(erasure).values(row).returning();
    return written as ErasureRow;
  });
}

async function assertClosed(tx: Transaction, idNumberHash: string, represented: Holding[]): Promise<void> {
  const cases = await tx
    .select({ id: application.acceptanceNumber })
    .from(application)
    .where(and(eq(application.idNumberHash, idNumberHash), eq(application.closed, false)));
  const granted = await tx
    .select({ id: accreditation.id })
    .from(accreditation)
    .where(and(eq(accreditation.idNumberHash, idNumberHash), eq(accreditation.closed, false)));
  const acting = represented.filter(({ closed }) => !closed);
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id).sort();
  if (cases.length + acting.length + granted.length > 0)
    throw new StillOpen({ cases: ids(cases), asAgent: ids(acting), accreditations: ids(granted) });
}

/** The erasures that were begun and not finished, oldest first. */
export function unfinishedErasures({ db }: Store): Promise<ErasureRow[]> {
  return db.select().from(erasure).where(isNotNull(erasure.idNumberHash)).orderBy(asc(erasure.startedAt));
}

/** Notes files that were erased and belonged to no case. */
export async function countFiles({ db }: Store, id: string, files: number): Promise<void> {
  await db
    .update(erasure)
    .set({ files: sql`${erasure.files} + ${files}` })
    .where(eq(erasure.id, id));
}

/**
 * Closes the record of an erasure, which from then on doesn't say of whom; neither do holds that were lifted, and what
 * the insurance core told goes. Who read what stays in the audit, without the reasons in words.
 */
export function finishErasure(
  store: Store,
  { id, idNumberHash }: Pick<ErasureRow, 'id' | 'idNumberHash'>,
  at: string,
): Promise<ErasureRow> {
  return store.db.transaction(async (tx) => {
    if (idNumberHash !== null) {
      await lockPerson(tx, idNumberHash);
      const lifted = and(eq(legalHold.idNumberHash, idNumberHash), isNotNull(legalHold.liftedAt));
      await tx.update(legalHold).set({ idNumberHash: null }).where(lifted);
      await tx.delete(coreEvent).where(eq(coreEvent.idNumberHash, idNumberHash));
      // The chain holds their hash only, and stays as it is.
      const read = arrayContains(auditEntry.people, [idNumberHash]);
      await tx.update(auditEntry).set({ circumstances: null }).where(read);
    }
    const done = { idNumberHash: null, finishedAt: at };
    const [row] = await tx.update(erasure).set(done).where(eq(erasure.id, id)).returning();
    return row as ErasureRow;
  });
}
