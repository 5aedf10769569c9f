import { and, asc, count, desc, eq, inArray, ne } from 'drizzle-orm';
import type { Attendance } from '../../domain/cases/attendance.ts';
import { addDays, minutesAfter, shanghaiDate, shanghaiInstant } from '../../domain/dates.ts';
import type { SmsText } from '../../domain/notifications/drafts.ts';
import { judgeTry, nextCodeAt, type Verdict } from '../../domain/people/phone-code.ts';
import { lockCalendar } from '../calendar/queries.ts';
import { lockApplication } from '../cases/lock.ts';
import { type ApplicationRow, application } from '../cases/tables.ts';
import { dropOlderCodes, writeSealed } from '../notifications/sealed.ts';
import { notification } from '../notifications/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { changedWith, changePhone, lockCasesOfPerson, type ReplacedWords, tellReplaced } from './change-phone.ts';
import { openPhone, sealPhone } from './personal.ts';
import { phoneCode } from './tables.ts';

/** A case, a phone, or an account has had as many codes as it may have. */
export class TooManyCodes extends Error {
  readonly of: 'case' | 'phone' | 'account';
  /** Instant from which on it may have another one. */
  readonly freeAt: string;

  constructor(of: TooManyCodes['of'], freeAt: string) {
    super('Too many codes');
    this.of = of;
    this.freeAt = freeAt;
  }
}

/** How long a code counts, and how many there may be. */
export interface CodeLimits {
  minutes: number;
  /** For a case. */
  perHour: number;
  /** To a phone. */
  perDay: number;
  /** For all cases that a person filed online, on a Shanghai day. */
  perAccountDay: number;
}

/** A code as it is made: six digits for an 11-digit phone, the words that bring it, and how many there may be. */
export interface NewCode {
  phone: string;
  code: string;
  text: SmsText;
  limits: CodeLimits;
  /** Instant. */
  at: string;
}

/**
 * Keeps a new code for a case, in the place of the last one, with the notification that brings it to the new phone.
 * @returns which notification is to be dispatched, and until when the code counts (instant)
 * @throws TooManyCodes
 */
export function issuePhoneCode(
  store: Store,
  acceptanceNumber: string,
  { phone, code, text, limits, at }: NewCode,
): Promise<{ notificationId: string; expiresAt: string }> {
  return store.db.transaction(async (tx) => {
    // Whoever publishes a calendar locks many cases too, and holds it for that.
    await lockCalendar(store, tx);
    await limitOfAccount(tx, acceptanceNumber, limits.perAccountDay, shanghaiDate(at));
    const row = await lockApplication(tx, acceptanceNumber);
    const sent = await tx.select().from(phoneCode).where(ofCase(row)).orderBy(asc(phoneCode.number));
    const sentAt = sent.map(({ createdAt }) => createdAt);
    const freeAt = nextCodeAt(sentAt, limits.perHour, at);
    if (freeAt !== null) throw new TooManyCodes('case', freeAt);
    const key = { acceptanceNumber, number: sent.length + 1 };
    const id = codeId('phoneCode', key);
    const expiresAt = minutesAfter(at, limits.minutes);
    const kept = { ...key, phone: sealPhone(store, id, phone), codeHash: codeHash(store, key, code) };
    const phoneHash = store.keyring.hash(phone);
    await keepCode(tx, { ...kept, phoneHash, createdAt: at, expiresAt }, limits.perDay);
    const draft = { id, purpose: 'phoneCode', recipient: 'newPhone', phone, text, secret: true, at } as const;
    await dropOlderCodes(tx, acceptanceNumber, at);
    await writeSealed(store, tx, row, { ...draft, until: expiresAt });
    return { notificationId: id, expiresAt };
  });
}

/**
 * Counts the codes of all cases that the person who filed this one has filed online: those that a clerk filed at the
 * window are many people's. The first of them is locked, so that requests at once wait in line.
 */
async function limitOfAccount(tx: Transaction, acceptanceNumber: string, perDay: number, day: string): Promise<void> {
  const account = tx
    .select({ submittedBy: application.submittedBy })
    .from(application)
    .where(eq(application.acceptanceNumber, acceptanceNumber));
  const ofAccount = and(eq(application.submittedBy, account), ne(application.channel, 'window'));
  await tx
    .select()
    .from(application)
    .where(ofAccount)
    .orderBy(asc(application.acceptanceNumber))
    .limit(1)
    .for('update');
  const [sent] = await tx
    .select({ codes: count() })
    .from(phoneCode)
    .innerJoin(application, eq(application.acceptanceNumber, phoneCode.acceptanceNumber))
    .where(and(ofAccount, eq(phoneCode.day, day)));
  if (sent && sent.codes >= perDay) throw new TooManyCodes('account', shanghaiInstant(addDays(day, 1), '00:00'));
}

/** Writes a code down as the next one of its phone and day. */
async function keepCode(
  tx: Transaction,
  code: Omit<typeof phoneCode.$inferInsert, 'day' | 'ofDay'>,
  perDay: number,
): Promise<void> {
  const day = shanghaiDate(code.createdAt);
  const ofDay = and(eq(phoneCode.phoneHash, code.phoneHash), eq(phoneCode.day, day));
  // Another case may take the same place at the same time; then this one takes the next.
  for (let kept = false; !kept; ) {
    const sent = await tx.$count(phoneCode, ofDay);
    if (sent >= perDay) throw new TooManyCodes('phone', shanghaiInstant(addDays(day, 1), '00:00'));
    const row = { ...code, day, ofDay: sent + 1 };
    kept = (await tx.insert(phoneCode).values(row).onConflictDoNothing().returning()).length > 0;
  }
}

/**
 * What became of a try: the phone, the acceptance numbers of the person's other cases that it changed, and the
 * notifications to former ones that are still queued; the tries that are left, or why none counts any more.
 */
export type Confirmation =
  | { verdict: 'right' | 'confirmedBefore'; phone: string; alsoChanged: string[]; notificationIds: string[] }
  | { verdict: 'wrong'; triesLeft: number }
  | { verdict: Exclude<Verdict, 'right' | 'confirmedBefore' | 'wrong'> };

/** A try to confirm a phone, with the policy's numbers and words. */
export interface Try extends ReplacedWords {
  code: string;
  /** In whose right it is given (`actorOf`), and the attendance of the clerk where one gives it. */
  by: string;
  attendance?: Attendance | undefined;
  /** Instant. */
  at: string;
  /** Wrong ones that a code bears. */
  tries: number;
}

/**
 * Tries a code: the right one brings the new phone into force, which each former one and the applicant are told; a
 * wrong one is counted.
 */
export function confirmPhone(store: Store, row: ApplicationRow, codeTry: Try) {
  const { code, by, at, tries, attendance } = codeTry;
  return store.db.transaction(async (tx): Promise<Confirmation> => {
    // Whoever publishes a calendar locks many cases too, and holds it for that.
    await lockCalendar(store, tx);
    const cases = await lockCasesOfPerson(tx, row, by);
    const [last] = await tx.select().from(phoneCode).where(ofCase(row)).orderBy(desc(phoneCode.number)).limit(1);
    if (!last) return { verdict: 'none' };
    const ofCode = and(ofCase(row), eq(phoneCode.number, last.number));
    const verdict = judgeTry(last, last.codeHash === codeHash(store, last, code), at, tries);
    if (verdict === 'wrong') {
      const wrongTries = last.wrongTries + 1;
      await tx.update(phoneCode).set({ wrongTries }).where(ofCode);
      return { verdict, triesLeft: tries - wrongTries };
    }
    if (verdict !== 'right' && verdict !== 'confirmedBefore') return { verdict };
    const key = codeId('phoneCode', last);
    const phone = openPhone(store, key, last.phone);
    if (verdict === 'right') {
      await tx.update(phoneCode).set({ confirmedAt: at }).where(ofCode);
      const replaced = await changePhone(store, tx, cases, { phone, key, at, by, attendance });
      await tellReplaced(store, tx, cases[0] as ApplicationRow, replaced, {
        ...codeTry,
        key: codeId('phoneReplaced', last),
        phone,
      });
    }
    const alsoChanged = await changedWith(tx, row, key);
    return { verdict, phone, alsoChanged, notificationIds: await queuedReplacements(tx, row) };
  });
}

/** Ids of the notifications about a case's new phones that haven't left, to all who had another one before. */
async function queuedReplacements(tx: Transaction, { acceptanceNumber }: ApplicationRow): Promise<string[]> {
  const ofPhones = inArray(notification.purpose, ['phoneReplaced', 'actedAtWindow']);
  const ofOne = and(eq(notification.acceptanceNumber, acceptanceNumber), ofPhones);
  const rows = await tx
    .select({ id: notification.id })
    .from(notification)
    .where(and(ofOne, eq(notification.state, 'queued')));
  return rows.map(({ id }) => id);
}

type CodeKey = Pick<typeof phoneCode.$inferSelect, 'acceptanceNumber' | 'number'>;

const ofCase = ({ acceptanceNumber }: Pick<CodeKey, 'acceptanceNumber'>) =>
  eq(phoneCode.acceptanceNumber, acceptanceNumber);

/** Of the notification that brings a code, or tells what it did; the code's phone is encrypted for the former. */
export function codeId(purpose: 'phoneCode' | 'phoneReplaced', { acceptanceNumber, number }: CodeKey): string {
  return `${acceptanceNumber}-${purpose}-${number}`;
}

/** A code has a million values: only the key keeps it from being found, and it is one case's and one request's. */
function codeHash({ keyring }: Store, { acceptanceNumber, number }: CodeKey, code: string): string {
  return keyring.hash(`${acceptanceNumber} ${number} ${code}`);
}
