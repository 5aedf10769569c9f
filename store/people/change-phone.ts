import { and, asc, eq, ne, or, sql } from 'drizzle-orm';
import type { Attendance } from '../../domain/cases/attendance.ts';
import type { ApplicationState } from '../../domain/cases/state.ts';
import type { SmsText } from '../../domain/notifications/drafts.ts';
import { actsAsAgent } from '../../domain/people/person.ts';
import { withPhone } from '../../domain/people/typed.ts';
import { openPerson, sealPerson } from '../accreditations/personal.ts';
import { accreditation } from '../accreditations/tables.ts';
import { applyPhone } from '../cases/form-versions.ts';
import { openPersonal } from '../cases/personal.ts';
import { type ApplicationRow, application, formVersion } from '../cases/tables.ts';
import { type Cause, numberOf, personKey } from '../notifications/about.ts';
import { tellInbox } from '../notifications/inbox.ts';
import { tellFormer } from '../notifications/sealed.ts';
import type { Store, Transaction } from '../open.ts';
import { tellPhonesOnRecord } from './earlier-phones.ts';

/**
 * Locks a case and the person's open ones. A person changes the phone of all that are theirs, and so does a clerk at the
 * window for who is there; an agent only of those that they filed. All are locked at once and in order, so that of two
 * who lock several neither waits for the other.
 * @param by who changes the phone
 * @returns that case first
 */
export async function lockCasesOfPerson(tx: Transaction, first: ApplicationRow, by: string): Promise<ApplicationRow[]> {
  const rows = await tx
    .select()
    .from(application)
    .where(reachedFrom(first, by))
    .orderBy(asc(application.acceptanceNumber))
    .for('update');
  const isFirst = (row: ApplicationRow) => row.acceptanceNumber === first.acceptanceNumber;
  return [...rows.filter(isFirst), ...rows.filter((row) => !isFirst(row))];
}

/** The states of the cases that a change of the phone reaches. @param by who changes the phone */
export async function statesReached({ db }: Store, row: ApplicationRow, by: string): Promise<ApplicationState[]> {
  const rows = await db.select({ state: application.state }).from(application).where(reachedFrom(row, by));
  return rows.map(({ state }) => state);
}

function reachedFrom({ acceptanceNumber, idNumberHash, submittedBy, channel }: ApplicationRow, by: string) {
  const filedByThem = actsAsAgent({ idNumberHash, channel }, by) ? eq(application.submittedBy, submittedBy) : undefined;
  const others = and(eq(application.idNumberHash, idNumberHash), filedByThem, eq(application.closed, false));
  return or(eq(application.acceptanceNumber, acceptanceNumber), others);
}

/** A case or an accreditation whose phone has changed. */
export interface ReplacedPhone {
  cause: Cause;
  /** 11 digits; empty where an earlier system had none. */
  former: string;
}

interface PhoneChange {
  phone: string;
  key: string;
  at: string;
  by: string;
  attendance?: Attendance | undefined;
}

/**
 * Brings a confirmed phone into force for these cases of a person, and, unless an agent acts, for the accreditations of
 * theirs that something can still happen to.
 * @param change `phone` (11 digits), `key` tells it from others, `at` is its instant, `by` in whose right it is made
 * (`actorOf`), `attendance` of the clerk where one makes it
 * @returns those whose phone it wasn't before, that case first
 */
export async function changePhone(
  store: Store,
  tx: Transaction,
  cases: ApplicationRow[],
  { phone, key, at, by, attendance }: PhoneChange,
): Promise<ReplacedPhone[]> {
  const held = await lockAccreditations(tx, cases[0] as ApplicationRow, by);
  const phoneHash = store.keyring.hash(phone);
  const changedCases = cases.filter((row) => row.phoneHash !== phoneHash);
  const changedHeld = held.filter((row) => openPerson(store, row).phone !== phone);
  for (const row of changedCases) {
    await applyPhone(store, tx, row, { id: `${key}-${row.acceptanceNumber}`, phone, at });
  }
  if (attendance) {
    // Also at that case where it has the new phone already, and only others get it.
    for (const row of new Set([cases[0] as ApplicationRow, ...changedCases])) await noteAttendance(tx, row, attendance);
  }
  for (const row of changedHeld) {
    const personal = sealPerson(store, row.id, withPhone(openPerson(store, row), phone));
    await tx.update(accreditation).set({ personal }).where(eq(accreditation.id, row.id));
  }
  return [
    ...changedCases.map((row) => ({
      cause: { acceptanceNumber: row.acceptanceNumber, sequence: row.sequence },
      former: openPersonal(store, row).applicant.phone,
    })),
    ...changedHeld.map((row) => ({
      cause: { accreditationId: row.id, sequence: row.sequence },
      former: openPerson(store, row).phone,
    })),
  ];
}

/** The row is locked. */
async function noteAttendance(
  tx: Transaction,
  { acceptanceNumber, attended }: ApplicationRow,
  attendance: Attendance,
): Promise<void> {
  const ofCase = eq(application.acceptanceNumber, acceptanceNumber);
  await tx
    .update(application)
    .set({ attended: [...attended, attendance] })
    .where(ofCase);
}

async function lockAccreditations(tx: Transaction, row: ApplicationRow, by: string) {
  if (actsAsAgent(row, by)) return [];
  return tx.select().from(accreditation).where(lastingOf(row)).orderBy(asc(accreditation.id)).for('update');
}

/** What is said of a replaced phone. @param number acceptance number or accreditation id */
export interface ReplacedWords {
  /** To the former phone. */
  replaced(number: string): SmsText;
  /** In the APP inbox. @param phone the new one, 11 digits */
  inApp(number: string, phone: string): string;
  /** To the person's other phones, where a clerk has changed it at the window. */
  actedAtWindow(number: string): SmsText;
}

/**
 * Tells each number that isn't the applicant's any more, once, and the applicant in the APP inbox; where a clerk changed
 * the phone of an online case, also the numbers that were the applicant's before.
 * @param row the case for which the phone (11 digits) was confirmed, as it was
 * @param change `key` tells it from others, `at` is its instant, `attendance` that of a clerk
 */
export async function tellReplaced(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  changed: ReplacedPhone[],
  { key, phone, at, attendance, ...words }: Omit<PhoneChange, 'by'> & ReplacedWords,
): Promise<void> {
  // An earlier system may have had none.
  const withFormer = changed.filter(({ former }) => former !== '');
  const oncePerPhone = withFormer.filter(
    (replaced, index) => withFormer.findIndex(({ former }) => former === replaced.former) === index,
  );
  for (const [index, { former, cause }] of oncePerPhone.entries()) {
    const id = key + (index > 0 ? `-${index + 1}` : '');
    await tellFormer(store, tx, row, {
      ...{ id, purpose: 'phoneReplaced', phone: former, text: words.replaced(numberOf(cause)), at },
    });
  }
  if (attendance?.documentSeen && row.channel !== 'window') {
    const except = [phone, ...oncePerPhone.map(({ former }) => former)];
    await tellPhonesOnRecord(store, tx, row, { key, at, text: words.actedAtWindow(row.acceptanceNumber), except });
  }
  const inApp = changed.map(({ cause }) => ({ cause, body: words.inApp(numberOf(cause), phone) }));
  const recipientKey = personKey(row.idNumberHash, store.keyring.hash(phone));
  await tellInbox(tx, inApp, { key, recipientKey, at });
}

/** The person's other cases that a change of this `key` reached: their acceptance numbers. */
export async function changedWith(tx: Transaction, row: ApplicationRow, key: string): Promise<string[]> {
  const { acceptanceNumber, idNumberHash } = row;
  const ofPerson = and(eq(application.idNumberHash, idNumberHash), ne(application.acceptanceNumber, acceptanceNumber));
  const rows = await tx
    .select({ number: application.acceptanceNumber })
    .from(application)
    .innerJoin(formVersion, eq(formVersion.id, sql`${`${key}-`} || ${application.acceptanceNumber}`))
    .where(ofPerson)
    .orderBy(asc(application.acceptanceNumber));
  return rows.map(({ number }) => number);
}

/**
 * Phones of the accreditations whose phone somebody can change by way of a case: the person's that something can still
 * happen to.
 * @param by who acts on the case
 * @returns 11 digits each; empty where an earlier system had none
 */
export async function phonesOfLasting(store: Store, row: ApplicationRow, by: string): Promise<string[]> {
  if (actsAsAgent(row, by)) return [];
  const rows = await store.db.select().from(accreditation).where(lastingOf(row));
  return rows.map((held) => openPerson(store, held).phone);
}

function lastingOf({ idNumberHash }: ApplicationRow) {
  return and(eq(accreditation.idNumberHash, idNumberHash), eq(accreditation.closed, false));
}
