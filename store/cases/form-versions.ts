import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { SmsText } from '../../domain/notifications/drafts.ts';
import { withPhone } from '../../domain/people/typed.ts';
import { tellFormer } from '../notifications/sealed.ts';
import type { Store, Transaction } from '../open.ts';
import { isOf, prepared } from '../prepared.ts';
import { openPersonal, type PersonalData, personalColumns, sealPersonal } from './personal.ts';
import { searchColumns } from './search.ts';
import { type ApplicationForm, type ApplicationRow, application, formVersion } from './tables.ts';

/**
 * Keeps a corrected form until its resubmission is recorded, which brings it into force; a repeated request changes
 * nothing.
 * @param row the case as it was corrected
 * @param id opaque; travels with the resubmission in its place
 * @returns false where another phone was confirmed for the case since: the correction would take it back
 */
export function proposeForm(
  store: Store,
  { acceptanceNumber, phoneHash }: ApplicationRow,
  id: string,
  { personal, form }: { personal: PersonalData; form: ApplicationForm },
): Promise<boolean> {
  const proposed = { id, acceptanceNumber, form, ...personalColumns(store, acceptanceNumber, personal) };
  const unchanged = and(eq(application.acceptanceNumber, acceptanceNumber), eq(application.phoneHash, phoneHash));
  return store.db.transaction(async (tx) => {
    // Locked, so that a phone confirmed from now on finds the proposal.
    const [row] = await tx.select().from(application).where(unchanged).for('update');
    if (row) await tx.insert(formVersion).values(proposed).onConflictDoNothing();
    // The same form may have been proposed before, and have changed the phone by itself.
    return row !== undefined || (await tx.select().from(formVersion).where(eq(formVersion.id, id))).length > 0;
  });
}

/**
 * Puts a proposed form in force; the form until then is kept. An id that isn't this case's, or was used before, changes
 * nothing. Where the form brings another phone, the former one hears of it together with the resubmission's other
 * notifications.
 * @param correction its `id`, and the resubmission's `sequence` and instant
 * @param replaced what that phone hears
 * @returns what the row shows of the form then
 */
export async function applyForm(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  { id, sequence, at }: { id: string; sequence: number; at: string },
  replaced: SmsText,
): Promise<Partial<InForce & Searched>> {
  const proposed = and(eq(formVersion.id, id), proposedFor(row));
  const [corrected] = await tx.update(formVersion).set({ sequence }).where(proposed).returning();
  if (!corrected) return {};
  const inForce = await bringInForce(store, tx, row, corrected);
  if (corrected.phoneHash === row.phoneHash) return inForce;
  const { phone } = openPersonal(store, row).applicant;
  await tellFormer(
    store,
    tx,
    { ...row, sequence },
    {
      ...{
        id: `${row.acceptanceNumber}-${sequence}-phoneReplaced`,
        purpose: 'phoneReplaced',
        phone,
        text: replaced,
        at,
      },
    },
  );
  return inForce;
}

/**
 * Puts a confirmed phone into a case's form; the form until then is kept. A correction that waits to be recorded and
 * left the phone as it was gets the new phone too.
 * @param change `id` of the version that this makes, `phone` (11 digits), `at` an instant
 */
export async function applyPhone(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  { id, phone, at }: { id: string; phone: string; at: string },
): Promise<void> {
  const { acceptanceNumber, sequence, form, agentHash } = row;
  const phoneHash = store.keyring.hash(phone);
  const resealed = (sealedForm: Pick<ApplicationRow, 'acceptanceNumber' | 'personal'>) => {
    const { applicant, ...rest } = openPersonal(store, sealedForm);
    return sealPersonal(store, acceptanceNumber, { ...rest, applicant: withPhone(applicant, phone) });
  };
  const withFormerPhone = and(proposedFor(row), eq(formVersion.phoneHash, row.phoneHash));
  for (const proposed of await tx.select().from(formVersion).where(withFormerPhone)) {
    const changed = { personal: resealed(proposed), phoneHash };
    await tx.update(formVersion).set(changed).where(eq(formVersion.id, proposed.id));
  }
  const version = { personal: resealed(row), phoneHash, agentHash, form };
  await bringInForce(store, tx, row, version);
  await tx.insert(formVersion).values({ ...version, id, acceptanceNumber, sequence, confirmedAt: at });
}

/** Corrections of a case whose resubmission isn't recorded. */
function proposedFor({ acceptanceNumber }: ApplicationRow) {
  return and(eq(formVersion.acceptanceNumber, acceptanceNumber), isNull(formVersion.sequence));
}

/** By what staff find the case; only the form in force counts for that. */
type Searched = ReturnType<typeof searchColumns>;

/** What the row shows of the form in force. */
type InForce = Pick<ApplicationRow, 'personal' | 'phoneHash' | 'agentHash' | 'form'>;

const formOf = ({ personal, phoneHash, agentHash, form }: InForce): InForce => ({
  personal,
  phoneHash,
  agentHash,
  form,
});

/** The first form has no version until it isn't in force any more. */
async function bringInForce(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  version: InForce,
): Promise<InForce & Searched> {
  const { acceptanceNumber } = row;
  const original = { id: `${acceptanceNumber}-0`, acceptanceNumber, ...formOf(row), sequence: 0 };
  await tx.insert(formVersion).values(original).onConflictDoNothing();
  const { applicant } = openPersonal(store, { acceptanceNumber, personal: version.personal });
  const inForce = { ...formOf(version), ...searchColumns(store, applicant) };
  await tx.update(application).set(inForce).where(eq(application.acceptanceNumber, acceptanceNumber));
  return inForce;
}

/** Every form that was ever in force, oldest first; empty while the first one is. */
export function formVersions(store: Store, acceptanceNumber: string) {
  return versionsOf(store.db, { acceptanceNumber });
}

const versionsOf = prepared('form versions', (db) =>
  db
    .select()
    .from(formVersion)
    .where(and(isOf(formVersion), isNotNull(formVersion.sequence)))
    .orderBy(asc(formVersion.sequence), sql`${formVersion.confirmedAt} asc nulls first`),
);
