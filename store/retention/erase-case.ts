import { and, eq, inArray, isNotNull, notInArray, type SQL, sql } from 'drizzle-orm';
import { caseNote } from '../cases/notes/tables.ts';
import { type PersonalData, sealPersonal } from '../cases/personal.ts';
import {
  type ApplicationForm,
  type ApplicationRow,
  application,
  claim,
  formVersion,
  material,
  timeline,
} from '../cases/tables.ts';
import { dropFilesOf } from '../files/erase.ts';
import { idempotency } from '../idempotency/tables.ts';
import { forgetCountsOf } from '../limits/counting.ts';
import type { Store, Transaction } from '../open.ts';
import { phoneCode } from '../people/tables.ts';
import { staff } from '../staff/tables.ts';
import { eraseTold } from './erase-told.ts';
import { countErased } from './erasures.ts';
import { erasableCase } from './take-out.ts';

/** In the place of whoever isn't of the staff: an applicant's account is theirs. */
export const ERASED = '';

const nobody: PersonalData = {
  applicant: { name: '', idNumber: '', phone: '' },
  signature: { name: '', signedAt: '' },
};
const blankForm: ApplicationForm = {
  insuredType: 'employee',
  hospital: { code: '', name: '', level: 0 },
  hasElectronicVoucher: false,
};

/**
 * Erases a closed case from the store, in one transaction: what told of a person is deleted or emptied. What stays is
 * what statistics count (number, type, disease, status, who of the staff decided what and when) and names nobody. The
 * last step, after `takeOutCase`: until then the case is found by its person.
 * @param by the erasure that counts it, where it isn't retention's
 * @returns false where it wasn't taken out, or was erased before
 */
export function eraseCase(store: Store, acceptanceNumber: string, by?: string): Promise<boolean> {
  return store.db.transaction(async (tx) => {
    const takenOut = and(eq(application.acceptanceNumber, acceptanceNumber), isNotNull(application.erasedAt));
    const [row] = await tx.select().from(application).where(and(takenOut, erasableCase)).for('update');
    if (!row) return false;
    const files = await deleteParts(tx, acceptanceNumber);
    await emptyEntries(tx, acceptanceNumber);
    await eraseTold(store, tx, { acceptanceNumber });
    await emptyRow(store, tx, row);
    if (by !== undefined) {
      // Retention erases what is years old: what was counted of that is long forgotten.
      await forgetCountsOf(tx, row.phoneHash);
      await countErased(tx, by, { cases: 1, files });
    }
    return true;
  });
}

/** @returns how many files the case had, and no other has */
async function deleteParts(tx: Transaction, acceptanceNumber: string): Promise<number> {
  for (const table of [idempotency, phoneCode, formVersion, claim, material, caseNote])
    await tx.delete(table).where(eq(table.acceptanceNumber, acceptanceNumber));
  return dropFilesOf(tx, acceptanceNumber);
}

/** What the applicant, or somebody unknown, has done. */
const byPeople: SQL = and(
  inArray(timeline.kind, ['submitted', 'resubmitted', 'appealed', 'withdrawn', 'messageIgnored']),
  sql`${timeline.by} <> 'system'`,
) as SQL;

/** What statistics read of an entry has columns of its own, and stays. */
async function emptyEntries(tx: Transaction, acceptanceNumber: string): Promise<void> {
  const ofCase = eq(timeline.acceptanceNumber, acceptanceNumber);
  await tx.update(timeline).set({ detail: {}, requestId: null }).where(ofCase);
  const strangers = notInArray(timeline.by, tx.select({ id: staff.id }).from(staff));
  await tx
    .update(timeline)
    .set({ by: ERASED })
    .where(and(ofCase, byPeople, strangers));
}

async function emptyRow(store: Store, tx: Transaction, row: ApplicationRow): Promise<void> {
  const { acceptanceNumber, channel, state } = row;
  const personal = sealPersonal(store, acceptanceNumber, nobody);
  await tx
    .update(application)
    .set({
      ...{ submittedBy: ERASED, personal, idNumberHash: '', phoneHash: '', agentHash: null },
      ...{ nameHash: '', phoneTailHash: '' },
      ...{ form: blankForm, insured: null, corePhone: null },
      // At the window clerks filed; online people did, by their hashes.
      state: { ...state, filedBy: channel === 'window' ? state.filedBy : [] },
    })
    .where(eq(application.acceptanceNumber, acceptanceNumber));
}
