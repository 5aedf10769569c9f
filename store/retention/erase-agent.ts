import { and, eq, inArray, sql } from 'drizzle-orm';
import { isSameName } from '../../domain/people/person.ts';
import { openPersonal, personalColumns } from '../cases/personal.ts';
import { type ApplicationRow, application, formVersion, timeline } from '../cases/tables.ts';
import { caseFile, file } from '../files/tables.ts';
import { idempotency } from '../idempotency/tables.ts';
import { notification } from '../notifications/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { ERASED } from './erase-case.ts';
import { erasableCase } from './take-out.ts';

/**
 * Takes an agent (代办人) out of somebody else's closed case: name, ID number, phone, and the hash by which the case
 * knows who filed it. The paper by which they were authorised goes with the case.
 * @returns false where the case is open, or erased
 */
export function eraseAgent(store: Store, acceptanceNumber: string, idNumberHash: string): Promise<boolean> {
  const ofCase = eq(application.acceptanceNumber, acceptanceNumber);
  return store.db.transaction(async (tx) => {
    const [row] = await tx.select().from(application).where(and(ofCase, erasableCase)).for('update');
    if (!row) return false;
    const theirs = and(eq(formVersion.acceptanceNumber, acceptanceNumber), eq(formVersion.agentHash, idNumberHash));
    for (const version of await tx.select().from(formVersion).where(theirs))
      await tx.update(formVersion).set(agentless(store, version)).where(eq(formVersion.id, version.id));
    if (row.agentHash === idNumberHash) await tx.update(application).set(agentless(store, row)).where(ofCase);
    await tx
      .update(notification)
      .set({ readBy: sql`${notification.readBy} - ${idNumberHash}::text` })
      .where(eq(notification.acceptanceNumber, acceptanceNumber));
    await tx.delete(idempotency).where(eq(idempotency.acceptanceNumber, acceptanceNumber));
    // The applicant may have filed it, or a clerk at the window.
    if (row.submittedBy === idNumberHash) await unlinkFiler(tx, row);
    return true;
  });
}

/** What a form's row has without its agent. The signature may be the applicant's. */
function agentless(store: Store, row: Pick<ApplicationRow, 'acceptanceNumber' | 'personal'>) {
  const { agent, signature, ...rest } = openPersonal(store, row);
  const theirs = agent !== undefined && isSameName(signature.name, agent.name);
  const left = theirs ? { name: '', signedAt: signature.signedAt } : signature;
  return personalColumns(store, row.acceptanceNumber, { ...rest, signature: left });
}

/** Takes out of a case who filed it. */
async function unlinkFiler(tx: Transaction, { acceptanceNumber, submittedBy, state }: ApplicationRow): Promise<void> {
  const byThem = and(eq(timeline.acceptanceNumber, acceptanceNumber), eq(timeline.by, submittedBy));
  await tx.update(timeline).set({ by: ERASED, requestId: null }).where(byThem);
  const ofCase = tx
    .select({ id: caseFile.fileId })
    .from(caseFile)
    .where(eq(caseFile.acceptanceNumber, acceptanceNumber));
  const uploaded = and(inArray(file.id, ofCase), eq(file.uploadedBy, submittedBy));
  await tx.update(file).set({ uploadedBy: ERASED }).where(uploaded);
  const filed = eq(application.acceptanceNumber, acceptanceNumber);
  const filedBy = state.filedBy.filter((by) => by !== submittedBy);
  await tx
    .update(application)
    .set({ submittedBy: ERASED, state: { ...state, filedBy } })
    .where(filed);
}
