import { asc, desc, eq, lte } from 'drizzle-orm';
import type { Arrangement, Calendar } from '../domain/calendar.ts';
import { arrangement, calendar } from './schema.ts';
import type { Store, Transaction } from './store.ts';

export type ArrangementRow = typeof arrangement.$inferSelect;

/** The calendar in force. */
export function readCalendar(store: Store): Promise<Calendar> {
  return store.db.transaction((tx) => lockCalendar(store, tx));
}

/**
 * The calendar in force, held under a lock until the transaction ends: what is computed from it under a share lock can't be overtaken by the
 * publication of a new one, which takes it for itself (`update`).
 */
export async function lockCalendar(
  store: Pick<Store, 'calendar' | 'estimate'>,
  tx: Transaction,
  lock: 'share' | 'update' = 'share',
): Promise<Calendar> {
  const [row] = await tx.select({ version: calendar.version }).from(calendar).where(eq(calendar.id, 1)).for(lock);
  if (!row) throw new Error('The calendar is missing: the migrations have not run');
  // A version's arrangements never change, so each process reads a version once.
  if (store.calendar?.version !== row.version) store.calendar = await readVersion(tx, row.version, store.estimate);
  return store.calendar;
}

/** The calendar as it was at a version, for a case that ended under it. */
export function readCalendarAt(store: Store, version: number): Promise<Calendar> {
  return store.db.transaction((tx) => readVersion(tx, version, store.estimate));
}

/** The calendar as it was at a version. */
export async function readVersion(tx: Transaction, version: number, estimate: Store['estimate']): Promise<Calendar> {
  const rows = await tx
    .select()
    .from(arrangement)
    .where(lte(arrangement.version, version))
    .orderBy(asc(arrangement.version));
  const byYear = new Map(rows.map((row) => [row.year, asArrangement(row)]));
  return {
    version,
    arrangement(year) {
      const known = byYear.get(year) ?? estimate(year);
      byYear.set(year, known);
      return known;
    },
  };
}

function asArrangement({ year, daysOff, makeUpDays, notice, publishedOn }: ArrangementRow): Arrangement {
  return { year, daysOff, makeUpDays, notice, publishedOn, basis: 'published' };
}

/** All that was ever published for a year, newest first. */
export function arrangementHistory(store: Store, year: number): Promise<ArrangementRow[]> {
  return store.db.select().from(arrangement).where(eq(arrangement.year, year)).orderBy(desc(arrangement.version));
}
