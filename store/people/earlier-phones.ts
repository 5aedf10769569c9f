import { and, eq, lt, ne, or, sql } from 'drizzle-orm';
import type { SmsText } from '../../domain/notifications/drafts.ts';
import { isStranger } from '../../domain/people/person.ts';
import { openPerson } from '../accreditations/personal.ts';
import { accreditation } from '../accreditations/tables.ts';
import { openPersonal } from '../cases/personal.ts';
import { type ApplicationRow, application } from '../cases/tables.ts';
import { tellFormer } from '../notifications/sealed.ts';
import type { Database, Store, Transaction } from '../open.ts';
import { given, prepared } from '../prepared.ts';

/**
 * The phones that a person had before a case was filed: of their earlier cases and accreditations, and the one that the
 * insurance core has on record. What an agent has filed counts once it is approved.
 * @returns 11 digits each, every one once
 */
export async function earlierPhones(store: Store, db: Database | Transaction, row: ApplicationRow): Promise<string[]> {
  const { acceptanceNumber, idNumberHash, submittedAt, corePhone } = row;
  const known = await personalBefore(db, { acceptanceNumber, idNumberHash, submittedAt });
  const phones = known.map(({ id, personal, granted }) =>
    granted
      ? openPerson(store, { id, personal }).phone
      : openPersonal(store, { acceptanceNumber: id, personal }).applicant.phone,
  );
  return [...new Set([...phones, corePhone ?? ''])].filter((phone) => phone !== '');
}

/** What is known of a person from before a filing: their cases and accreditations. */
const personalBefore = prepared('what is known of a person', (db) => {
  const before = given('acceptanceNumber', 'idNumberHash', 'submittedAt');
  const { channel, status, submittedBy } = application;
  const from = { case: sql<boolean>`false`, grant: sql<boolean>`true` };
  const cases = db
    .select({ id: application.acceptanceNumber, personal: application.personal, granted: from.case.as('granted') })
    .from(application)
    .where(
      and(
        eq(application.idNumberHash, before.idNumberHash),
        ne(application.acceptanceNumber, before.acceptanceNumber),
        lt(application.submittedAt, sql`${before.submittedAt}::timestamptz`),
        or(eq(channel, 'window'), eq(submittedBy, application.idNumberHash), eq(status, 'approved')),
      ),
    );
  const grants = db
    .select({ id: accreditation.id, personal: accreditation.personal, granted: from.grant.as('granted') })
    .from(accreditation)
    .where(
      and(
        eq(accreditation.idNumberHash, before.idNumberHash),
        lt(accreditation.createdAt, sql`${before.submittedAt}::timestamptz`),
      ),
    );
  return cases.unionAll(grants);
});

/**
 * Tells the phone of a case, and the person's earlier ones, that a clerk has done something to it for who was at the
 * window.
 * @param row the case at that change
 * @param done `key` tells it from others, `at` is its instant, `text` what is said, `except` who hears it otherwise
 */
export async function tellPhonesOnRecord(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  { key, at, text, except = [] }: { key: string; at: string; text: SmsText; except?: string[] },
): Promise<void> {
  const phones = new Set([openPersonal(store, row).applicant.phone, ...(await earlierPhones(store, tx, row))]);
  const told = [...phones].filter((phone) => !except.includes(phone));
  for (const [index, phone] of told.entries()) {
    const id = `${key}-actedAtWindow-${index + 1}`;
    await tellFormer(store, tx, row, { id, purpose: 'actedAtWindow', phone, text, at });
  }
}

/**
 * Tells the person's earlier phones that somebody has filed in their name, where the filing names another phone, or an
 * agent acts.
 * @param filed the sequence and the instant of the acceptance or refusal, and what they hear
 * @returns whether any of them is told
 */
export async function tellEarlierPhones(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  { sequence, at, text }: { sequence: number; at: string; text: SmsText },
): Promise<boolean> {
  const earlier = await earlierPhones(store, tx, row);
  const { applicant, agent } = openPersonal(store, row);
  if (!agent && !isStranger(applicant.phone, earlier)) return false;
  for (const [index, phone] of earlier.entries()) {
    const id = `${row.acceptanceNumber}-${sequence}-filedOtherwise-${index + 1}`;
    await tellFormer(store, tx, { ...row, sequence }, { id, purpose: 'filedOtherwise', phone, text, at });
  }
  return earlier.length > 0;
}
