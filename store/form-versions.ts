import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm';
import { type ApplicationRow, sealPersonal } from './personal.ts';
import { application, formVersion } from './schema.ts';
import type { Store, Transaction } from './store.ts';
import type { ApplicationForm, PersonalData } from './types.ts';

/**
 * Keeps a corrected form until its resubmission is recorded, which brings it into force; a repeated request changes nothing.
 * @param id opaque; travels with the resubmission in its place
 */
export async function proposeForm(
  store: Store,
  acceptanceNumber: string,
  id: string,
  { personal, form }: { personal: PersonalData; form: ApplicationForm },
): Promise<void> {
  const phoneHash = store.keyring.hash(personal.applicant.phone);
  const row = { id, acceptanceNumber, personal: sealPersonal(store, acceptanceNumber, personal), phoneHash, form };
  await store.db.insert(formVersion).values(row).onConflictDoNothing();
}

/** Puts a proposed form in force; the form until then is kept. An id that isn't this case's, or was used before, changes nothing. */
export async function applyForm(tx: Transaction, row: ApplicationRow, sequence: number, id: string): Promise<void> {
  const { acceptanceNumber, personal, phoneHash, form } = row;
  const proposed = and(
    eq(formVersion.id, id),
    eq(formVersion.acceptanceNumber, acceptanceNumber),
    isNull(formVersion.sequence),
  );
  const [corrected] = await tx.update(formVersion).set({ sequence }).where(proposed).returning();
  if (!corrected) return;
  const original = { id: `${acceptanceNumber}-0`, acceptanceNumber, personal, phoneHash, form, sequence: 0 };
  await tx.insert(formVersion).values(original).onConflictDoNothing();
  const inForce = { personal: corrected.personal, phoneHash: corrected.phoneHash, form: corrected.form };
  await tx.update(application).set(inForce).where(eq(application.acceptanceNumber, acceptanceNumber));
}

/** Every form that was ever in force, oldest first; empty while the first one is. */
export function formVersions(store: Store, acceptanceNumber: string) {
  const ofCase = and(eq(formVersion.acceptanceNumber, acceptanceNumber), isNotNull(formVersion.sequence));
  return store.db.select().from(formVersion).where(ofCase).orderBy(asc(formVersion.sequence));
}
