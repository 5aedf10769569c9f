import { asc, desc, eq, lte } from 'drizzle-orm';
import type { Arrangement, Calendar } from '../../domain/calendar/working-days.ts';
import type { Database, Store, Transaction } from '../open.ts';
import { prepared } from '../prepared.ts';
import { type ArrangementRow, arrangement, calendar } from './tables.ts';

/** The calendar in force now; nobody is held up, and a publication may come right after. */
export async function readCalendar(store: Store): Promise<Calendar> {
  return inForce(store, store.db, await current(store.db));
}

/**
 * The calendar in force, locked until the transaction ends. A publication takes the lock for itself (`update`), so what
 * is computed under a share lock can't be overtaken by a new calendar.
 */
export async function lockCalendar(
  store: Reader,
  tx: Transaction,
  lock: 'share' | 'update' = 'share',
): Promise<Calendar> {
  return inForce(store, tx, await (lock === 'share' ? currentShared(tx) : currentHeld(tx)));
}

const current = prepared('calendar', (db) => db.select().from(calendar));
const currentShared = prepared('calendar for share', (db) => db.select().from(calendar).for('share'));
const currentHeld = prepared('calendar for update', (db) => db.select().from(calendar).for('update'));

function inForce(store: Reader, db: Database | Transaction, [row]: { version: number }[]): Promise<Calendar> {
  if (!row) throw new Error('The calendar is missing: the migrations have not run');
  return calendarOf(store, db, row.version);
}

type Reader = Pick<Store, 'calendar' | 'estimate'>;

/** A version of the calendar. Its arrangements never change, so each process reads the latest one once. */
export async function calendarOf(store: Reader, db: Database | Transaction, version: number): Promise<Calendar> {
  if (store.calendar?.version !== version) store.calendar = await readVersion(db, version, store.estimate);
  return store.calendar;
}

/** The calendar as it was at a version, for a case that ended under it. */
export function readCalendarAt(store: Store, version: number): Promise<Calendar> {
  return readVersion(store.db, version, store.estimate);
}

/** The calendar as it was at a version. */
export async function readVersion(
  db: Database | Transaction,
  version: number,
  estimate: Store['estimate'],
): Promise<Calendar> {
  const rows = await db
    .select()
    .from(arrangement)
    .where(lte(arrangement.version, version))
    .orderBy(asc(arrangement.version));
  const byYear = new Map(rows.map((row) => [row.year, asArrangement(row)]));
  return {
    version,
    arrangement(year) {
      const arrangementOfYear = byYear.get(year) ?? estimate(year);
      byYear.set(year, arrangementOfYear);
      return arrangementOfYear;
    },
  };
}

function asArrangement({ year, daysOff, makeUpDays, circular, publishedOn }: ArrangementRow): Arrangement {
  return { year, daysOff, makeUpDays, circular, publishedOn, basis: 'published' };
}

/** All that was ever published for a year, newest first. */
export function arrangementHistory(store: Store, year: number): Promise<ArrangementRow[]> {
  return store.db.select().from(arrangement).where(eq(arrangement.year, year)).orderBy(desc(arrangement.version));
}
