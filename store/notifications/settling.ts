import { and, asc, eq, inArray, not, or, type SQL, sql } from 'drizzle-orm';
import type { Taken } from '../../domain/notifications/receipts.ts';
import { accreditation } from '../accreditations/tables.ts';
import { application } from '../cases/tables.ts';
import type { Database, Transaction } from '../open.ts';
import { given, isAny, prepared } from '../prepared.ts';
import { putIntoInbox } from './inbox.ts';
import { doneStates, type NotificationRow, notification } from './tables.ts';

/** Notifications and those that they carry. */
export function withCarried(...ids: string[]): SQL | undefined {
  return or(inArray(notification.id, ids), inArray(notification.carriedBy, ids));
}

/** The id of the notification with which this one is dispatched: that which carries it, or its own. */
export function leadOf({ id, carriedBy }: Pick<NotificationRow, 'id' | 'carriedBy'>): string {
  return carriedBy ?? id;
}

/**
 * Locks notifications, and before them what they are about. Everybody locks in this order: the calendar (shared),
 * applications, accreditations, notifications, attempts; and of each the lowest id first. So two never wait for each
 * other. Writing a notification locks its application too, so whoever writes one while others are locked needs that
 * lock from the start. Where receipts of two attempts come at once, the second transaction sees what the first has
 * written.
 * @param condition on `notification`
 * @returns them, by id
 */
export async function lockNotifications(tx: Transaction, condition: SQL | undefined): Promise<NotificationRow[]> {
  await lockCases(tx, condition);
  await lockAccreditations(tx, condition);
  return lockThem(tx, condition);
}

/** As `lockNotifications`, for a notification and those that it carries. */
export async function lockWithCarried(tx: Transaction, id: string): Promise<NotificationRow[]> {
  await casesOfCarried(tx, { id });
  await accreditationsOfCarried(tx, { id });
  return carriedThemselves(tx, { id });
}

type Db = Database | Transaction;

const lockCases = (db: Db, condition: SQL | undefined) => {
  const number = application.acceptanceNumber;
  const cases = db.select({ number: notification.acceptanceNumber }).from(notification).where(condition);
  return db.select({ number }).from(application).where(inArray(number, cases)).orderBy(asc(number)).for('key share');
};
const lockAccreditations = (db: Db, condition: SQL | undefined) => {
  const { id } = accreditation;
  const granted = db.select({ id: notification.accreditationId }).from(notification).where(condition);
  return db.select({ id }).from(accreditation).where(inArray(id, granted)).orderBy(asc(id)).for('key share');
};
const lockThem = (db: Db, condition: SQL | undefined) =>
  db.select().from(notification).where(condition).orderBy(asc(notification.id)).for('update');

/** The notification that is given as `id`, and those that it carries. */
export const givenWithCarried = or(
  eq(notification.id, sql.placeholder('id')),
  eq(notification.carriedBy, sql.placeholder('id')),
);
const casesOfCarried = prepared('cases of notifications', (db) => lockCases(db, givenWithCarried));
const accreditationsOfCarried = prepared('accreditations of notifications', (db) =>
  lockAccreditations(db, givenWithCarried),
);
const carriedThemselves = prepared('notifications and carried ones', (db) => lockThem(db, givenWithCarried));

/**
 * Sets what has become of a notification and those that it carries. What has arrived stays so, whatever is said of it
 * later, and what was overtaken can only turn out to have arrived. A failed notification is put into the APP inbox.
 * They have to be locked (`lockNotifications`).
 */
export async function settle(
  tx: Transaction,
  id: string,
  receipt: Taken['state'],
  { at, failure }: { at: string; failure: string | undefined },
): Promise<void> {
  const states = { underWay: 'dispatched', delivered: 'delivered', undelivered: 'failed' } as const;
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

const become = prepared('settled notifications', (db) =>
  db
    .update(notification)
    .set(given('state', 'settledAt', 'failure'))
    .where(and(givenWithCarried, not(isAny(notification.state, 'stays'))))
    .returning(),
);

/** Of a notification and those that it carries, what its recipient still has to be told. */
export function stillToTell({ row, carried }: { row: NotificationRow; carried: NotificationRow[] }): NotificationRow[] {
  return [row, ...carried].filter(({ state }) => !doneStates.includes(state));
}
