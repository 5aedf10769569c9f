import { and, asc, eq, inArray, not, or, type SQL, sql } from 'drizzle-orm';
import type { Taken } from '../../domain/notifications/receipts.ts';
import { accreditation } from '../accreditations/tables.ts';
import { application } from '../cases/tables.ts';
import type { Database, Transaction } from '../open.ts';
import { given, isAny, prepared } from '../prepared.ts';
import { putIntoInbox } from './inbox.ts';
import { doneStates, type MessageRow, message } from './tables.ts';

/** Messages and those that they carry. */
export function withCarried(...ids: string[]): SQL | undefined {
  return or(inArray(message.id, ids), inArray(message.carriedBy, ids));
}

/** The id of the message with which this one is dispatched: that which carries it, or its own. */
export function leadOf({ id, carriedBy }: Pick<MessageRow, 'id' | 'carriedBy'>): string {
  return carriedBy ?? id;
}

/**
 * Locks messages, and before them what they are about. Everybody locks in this order: the calendar (shared),
 * applications, accreditations, messages, attempts; and of each the lowest id first. So two never wait for each other.
 * Writing a message locks its application too, so whoever writes one while others are locked needs that lock from the
 * start. Where receipts of two attempts come at once, the second transaction sees what the first has written.
 * @param condition on `message`
 * @returns them, by id
 */
export async function lockMessages(tx: Transaction, condition: SQL | undefined): Promise<MessageRow[]> {
  await lockCases(tx, condition);
  await lockAccreditations(tx, condition);
  return lockThem(tx, condition);
}

/** As `lockMessages`, for a message and those that it carries. */
export async function lockWithCarried(tx: Transaction, id: string): Promise<MessageRow[]> {
  await casesOfCarried(tx, { id });
  await accreditationsOfCarried(tx, { id });
  return carriedThemselves(tx, { id });
}

type Db = Database | Transaction;

const lockCases = (db: Db, condition: SQL | undefined) => {
  const number = application.acceptanceNumber;
  const cases = db.select({ number: message.acceptanceNumber }).from(message).where(condition);
  return db.select({ number }).from(application).where(inArray(number, cases)).orderBy(asc(number)).for('key share');
};
const lockAccreditations = (db: Db, condition: SQL | undefined) => {
  const { id } = accreditation;
  const granted = db.select({ id: message.accreditationId }).from(message).where(condition);
  return db.select({ id }).from(accreditation).where(inArray(id, granted)).orderBy(asc(id)).for('key share');
};
const lockThem = (db: Db, condition: SQL | undefined) =>
  db.select().from(message).where(condition).orderBy(asc(message.id)).for('update');

/** The message that is given as `id`, and those that it carries. */
export const givenWithCarried = or(eq(message.id, sql.placeholder('id')), eq(message.carriedBy, sql.placeholder('id')));
const casesOfCarried = prepared('cases of messages', (db) => lockCases(db, givenWithCarried));
const accreditationsOfCarried = prepared('accreditations of messages', (db) =>
  lockAccreditations(db, givenWithCarried),
);
const carriedThemselves = prepared('messages and carried ones', (db) => lockThem(db, givenWithCarried));

/**
 * Sets what has become of a message and those that it carries. What has arrived stays so, whatever is said of it later,
 * and what was overtaken can only turn out to have arrived. A failed message is put into the APP inbox. They have to be
 * locked (`lockMessages`).
 */
export async function settle(
  tx: Transaction,
  id: string,
  receipt: Taken['state'],
  { at, failure }: { at: string; failure: string | undefined },
): Promise<void> {
  const states = { underWay: 'sent', delivered: 'delivered', undelivered: 'failed' } as const;
  const state = states[receipt];
  const rows = await become(tx, {
    id,
    state,
    settledAt: at,
    failure: state === 'failed' ? (failure ?? null) : null,
    stays: [state, ...(receipt === 'delivered' ? [] : doneStates)],
  });
  if (state === 'failed') await putIntoInbox(tx, rows, at);
}

const become = prepared('settled messages', (db) =>
  db
    .update(message)
    .set(given('state', 'settledAt', 'failure'))
    .where(and(givenWithCarried, not(isAny(message.state, 'stays'))))
    .returning(),
);

/** Of a message and those that it carries, what its recipient still has to be told. */
export function stillToTell({ row, carried }: { row: MessageRow; carried: MessageRow[] }): MessageRow[] {
  return [row, ...carried].filter(({ state }) => !doneStates.includes(state));
}
