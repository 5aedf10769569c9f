import { and, eq, isNotNull, ne, notInArray } from 'drizzle-orm';
import { sealPerson } from '../accreditations/personal.ts';
import { accreditation, accreditationEntry } from '../accreditations/tables.ts';
import { idempotency } from '../idempotency/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { staff } from '../staff/tables.ts';
import { ERASED } from './erase-case.ts';
import { eraseTold } from './erase-told.ts';
import { countErased } from './erasures.ts';
import { erasableAccreditation } from './take-out.ts';

const nobody = { name: '', idNumber: '', phone: '' };

/**
 * Erases an accreditation that nothing can happen to any more, as `eraseCase` does a case: what stays is its id, its
 * disease and its dates.
 * @returns false where it wasn't taken out, or was erased before
 */
export function eraseAccreditation(store: Store, id: string, by?: string): Promise<boolean> {
  return store.db.transaction(async (tx) => {
    const ofOne = eq(accreditation.id, id);
    const takenOut = and(ofOne, isNotNull(accreditation.erasedAt));
    const [row] = await tx.select().from(accreditation).where(and(takenOut, erasableAccreditation)).for('update');
    if (!row) return false;
    await tx.delete(idempotency).where(eq(idempotency.acceptanceNumber, id));
    await emptyEntries(tx, id);
    await eraseTold(store, tx, { accreditationId: id });
    // In the core the number is the person's.
    const sourceKey = row.source === 'application' ? row.sourceKey : id;
    await tx
      .update(accreditation)
      .set({
        ...{ sourceKey, personal: sealPerson(store, id, nobody), idNumberHash: '' },
        ...{ tier: null, institution: null, furtherInstitutions: null, registrationNumber: null },
      })
      .where(ofOne);
    if (by !== undefined) await countErased(tx, by, { accreditations: 1 });
    return true;
  });
}

async function emptyEntries(tx: Transaction, id: string): Promise<void> {
  const ofOne = eq(accreditationEntry.accreditationId, id);
  await tx.update(accreditationEntry).set({ detail: {}, requestId: null }).where(ofOne);
  const strangers = and(
    ne(accreditationEntry.by, 'system'),
    notInArray(accreditationEntry.by, tx.select({ id: staff.id }).from(staff)),
  );
  await tx.update(accreditationEntry).set({ by: ERASED }).where(and(ofOne, strangers));
}
