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
  const before = { acceptanceNumber, idNumberHash, submittedAt };
  const phones = [
    ...(await filedBefore(db, before)).map((filed) => openPersonal(store, filed).applicant.phone),
    ...(await grantedBefore(db, before)).map((granted) => openPerson(store, granted).phone),
    corePhone ?? '',
  ];
  return [...new Set(phones)].filter((phone) => phone !== '');
}

const { acceptanceNumber, personal, idNumberHash, submittedAt, submittedBy } = application;
const filedBefore = prepared('earlier applications of a person', (db) => {
  const before = given('acceptanceNumber', 'idNumberHash', 'submittedAt');
  return db
    .select({ acceptanceNumber, personal })
    .from(application)
    .where(
      and(
        eq(idNumberHash, before.idNumberHash),
        ne(acceptanceNumber, before.acceptanceNumber),
        lt(submittedAt, sql`${before.submittedAt}::timestamptz`),
        or(eq(application.channel, 'window'), eq(submittedBy, idNumberHash), eq(application.status, 'approved')),
      ),
    );
});

const grantedBefore = prepared('earlier accreditations of a person', (db) => {
  const before = given('idNumberHash', 'submittedAt');
  return db
    .select({ id: accreditation.id, personal: accreditation.personal })
    .from(accreditation)
    .where(
      and(
        eq(accreditation.idNumberHash, before.idNumberHash),
        lt(accreditation.createdAt, sql`${before.submittedAt}::timestamptz`),
      ),
    );
});

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
