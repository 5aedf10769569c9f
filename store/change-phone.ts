import { and, asc, eq, or } from 'drizzle-orm';
import { applyPhone } from './form-versions.ts';
import { type ApplicationRow, openPerson, openPersonal, sealPerson } from './personal.ts';
import { accreditation, application } from './schema.ts';
import type { Store, Transaction } from './store.ts';

/**
 * Locks a case and the person's open ones that the same account filed. All at once and in order, so that of two who lock several neither waits
 * for the other.
 * @returns that case first
 */
export async function lockCasesOfPerson(
  tx: Transaction,
  { acceptanceNumber, idNumberHash, submittedBy }: ApplicationRow,
): Promise<ApplicationRow[]> {
  const others = and(
    eq(application.idNumberHash, idNumberHash),
    eq(application.submittedBy, submittedBy),
    eq(application.closed, false),
  );
  const which = or(eq(application.acceptanceNumber, acceptanceNumber), others);
  const rows = await tx
    .select()
    .from(application)
    .where(which)
    .orderBy(asc(application.acceptanceNumber))
    .for('update');
  const isFirst = (row: ApplicationRow) => row.acceptanceNumber === acceptanceNumber;
  return [...rows.filter(isFirst), ...rows.filter((row) => !isFirst(row))];
}

/** A number that isn't somebody's any more, and the acceptance number or accreditation id of one that had it. */
export interface FormerPhone {
  /** 11 digits. */
  phone: string;
  of: string;
}

/**
 * Brings a confirmed phone into force for these cases of a person, and for the accreditations of theirs that the same account has and that
 * something can still happen to.
 * @param change `phone` (11 digits), `key` tells it from others, `at` is its instant
 * @returns the numbers that it took the place of, each once
 */
export async function changePhone(
  store: Store,
  tx: Transaction,
  cases: ApplicationRow[],
  { phone, key, at }: { phone: string; key: string; at: string },
): Promise<FormerPhone[]> {
  const ofPerson = lastingOf(cases[0] as ApplicationRow);
  const held = await tx.select().from(accreditation).where(ofPerson).orderBy(asc(accreditation.id)).for('update');
  const before = [
    ...cases.map((row) => ({ phone: openPersonal(store, row).applicant.phone, of: row.acceptanceNumber })),
    ...held.map((one) => ({ phone: openPerson(store, one).phone, of: one.id })),
  ];
  const phoneHash = store.keyring.hash(phone);
  for (const row of cases.filter((one) => one.phoneHash !== phoneHash)) {
    await applyPhone(store, tx, row, { id: `${key}-${row.acceptanceNumber}`, phone, at });
  }
  for (const one of held) {
    const personal = sealPerson(store, one.id, { ...openPerson(store, one), phone });
    await tx.update(accreditation).set({ personal }).where(eq(accreditation.id, one.id));
  }
  // An earlier system may have had none.
  const former = before.filter((one) => one.phone !== '' && one.phone !== phone);
  return former.filter((one, index) => former.findIndex((other) => other.phone === one.phone) === index);
}

/** Whether a case's account has an accreditation of its person's that something can still happen to. */
export async function hasLasting(store: Store, row: ApplicationRow): Promise<boolean> {
  return (await store.db.$count(accreditation, lastingOf(row))) > 0;
}

function lastingOf({ idNumberHash, submittedBy }: ApplicationRow) {
  return and(
    eq(accreditation.idNumberHash, idNumberHash),
    eq(accreditation.submittedBy, submittedBy),
    eq(accreditation.closed, false),
  );
}
