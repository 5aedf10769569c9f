import { and, asc, eq, or } from 'drizzle-orm';
import { applyPhone } from './form-versions.ts';
import { type ApplicationRow, openPerson, sealPerson } from './personal.ts';
import { accreditation, application } from './schema.ts';
import type { Store, Transaction } from './store.ts';

/**
 * Locks a case and the person's open ones that the same account filed. All at once and in order, so that of two who lock several neither waits
 * for the other.
 */
export function lockCasesOfPerson(tx: Transaction, { acceptanceNumber, idNumberHash, submittedBy }: ApplicationRow) {
  const others = and(
    eq(application.idNumberHash, idNumberHash),
    eq(application.submittedBy, submittedBy),
    eq(application.closed, false),
  );
  const which = or(eq(application.acceptanceNumber, acceptanceNumber), others);
  return tx.select().from(application).where(which).orderBy(asc(application.acceptanceNumber)).for('update');
}

/**
 * Brings a confirmed phone into force for these cases of a person, and for the accreditations of theirs that the same account has and that
 * something can still happen to.
 * @param change `phone` (11 digits), `key` tells it from others, `at` is its instant
 */
export async function changePhone(
  store: Store,
  tx: Transaction,
  cases: ApplicationRow[],
  { phone, key, at }: { phone: string; key: string; at: string },
): Promise<void> {
  const phoneHash = store.keyring.hash(phone);
  for (const row of cases.filter((one) => one.phoneHash !== phoneHash)) {
    await applyPhone(store, tx, row, { id: `${key}-${row.acceptanceNumber}`, phone, at });
  }
  const [{ idNumberHash, submittedBy }] = cases as [ApplicationRow];
  const lasting = and(
    eq(accreditation.idNumberHash, idNumberHash),
    eq(accreditation.submittedBy, submittedBy),
    eq(accreditation.closed, false),
  );
  const held = await tx.select().from(accreditation).where(lasting).orderBy(asc(accreditation.id)).for('update');
  for (const one of held) {
    const personal = sealPerson(store, one.id, { ...openPerson(store, one), phone });
    await tx.update(accreditation).set({ personal }).where(eq(accreditation.id, one.id));
  }
}
