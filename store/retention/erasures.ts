import { randomUUID } from 'node:crypto';
import { and, arrayContains, asc, eq, isNotNull, sql } from 'drizzle-orm';
import { auditEntry } from '../audit/tables.ts';
import { coreEvent } from '../insurance/tables.ts';
import type { Database, Store, Transaction } from '../open.ts';
import { lockPerson } from '../people/lock.ts';
import { type Act, assertFree } from './holds.ts';
import { accreditationsOfPerson, casesOfAgent, casesOfPerson, type Holding } from './person.ts';
import { type ErasureRow, erasure, legalHold } from './tables.ts';

/** An erasure that isn't finished: it still knows of whom. */
export type BegunErasure = ErasureRow & { idNumberHash: string };

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
export async function beginErasure(store: Store, idNumberHash: string, { by, reason, at }: Act): Promise<BegunErasure> {
  return store.db.transaction(async (tx) => {
    await lockPerson(tx, idNumberHash);
    await assertFree(tx, idNumberHash);
    const [begun] = await tx.select().from(erasure).where(eq(erasure.idNumberHash, idNumberHash));
    if (begun) return { ...begun, idNumberHash };
    await assertClosed(tx, idNumberHash);
    const row = { id: randomUUID(), idNumberHash, by, reason, startedAt: at };
    const [written] = await tx.insert(erasure).values(row).returning();
    return { ...(written as ErasureRow), idNumberHash };
  });
}

async function assertClosed(db: Transaction, idNumberHash: string): Promise<void> {
  const open = async (holdings: Promise<Holding[]>) =>
    (await holdings)
      .filter(({ closed }) => !closed)
      .map(({ id }) => id)
      .sort();
  const cases = await open(casesOfPerson({ db }, idNumberHash));
  const asAgent = await open(casesOfAgent({ db }, idNumberHash));
  const accreditations = await open(accreditationsOfPerson({ db }, idNumberHash));
  if (cases.length + asAgent.length + accreditations.length > 0)
    throw new StillOpen({ cases, asAgent, accreditations });
}

/** The erasures that were begun and not finished, oldest first. */
export function unfinishedErasures({ db }: Store): Promise<BegunErasure[]> {
  const rows = db.select().from(erasure).where(isNotNull(erasure.idNumberHash)).orderBy(asc(erasure.startedAt));
  return rows as Promise<unknown> as Promise<BegunErasure[]>;
}

/** Notes what was erased. */
export async function countErased(
  db: Database | Transaction,
  id: string,
  more: Partial<Pick<ErasureRow, 'cases' | 'accreditations' | 'files'>>,
): Promise<void> {
  const columns = Object.entries(more) as [keyof typeof more, number][];
  const counted = columns.map(([name, count]) => [name, sql`${erasure[name]} + ${count}`]);
  await db.update(erasure).set(Object.fromEntries(counted)).where(eq(erasure.id, id));
}

/**
 * Closes the record of an erasure, which from then on doesn't say of whom; neither do holds that were lifted, and what
 * the insurance core told goes. Who read what stays in the audit, without the reasons in words.
 */
export function finishErasure(
  store: Store,
  { id, idNumberHash }: Pick<BegunErasure, 'id' | 'idNumberHash'>,
  at: string,
): Promise<ErasureRow> {
  return store.db.transaction(async (tx) => {
    await lockPerson(tx, idNumberHash);
    const lifted = and(eq(legalHold.idNumberHash, idNumberHash), isNotNull(legalHold.liftedAt));
    await tx.update(legalHold).set({ idNumberHash: null }).where(lifted);
    await tx.delete(coreEvent).where(eq(coreEvent.idNumberHash, idNumberHash));
    // The chain holds their hash only, and stays as it is.
    const read = arrayContains(auditEntry.people, [idNumberHash]);
    await tx.update(auditEntry).set({ circumstances: null }).where(read);
    const done = { idNumberHash: null, finishedAt: at };
    const [row] = await tx.update(erasure).set(done).where(eq(erasure.id, id)).returning();
    return row as ErasureRow;
  });
}
