import { asc, eq, lte } from 'drizzle-orm';
import type { Arrangement, Calendar } from '../domain/calendar.ts';
import { estimatedArrangement } from '../policy/calendar.ts';
import { arrangement, calendar } from './schema.ts';
import type { Store, Transaction } from './store.ts';

/** The calendar in force. */
export function readCalendar(store: Store): Promise<Calendar> {
  return store.db.transaction((tx) => lockCalendar(store, tx));
}

/**
 * The calendar in force, held under a share lock until the transaction ends: what is computed from it can't be overtaken by the
 * publication of a new one.
 */
export async function lockCalendar(store: Store, tx: Transaction): Promise<Calendar> {
  const [row] = await tx.select({ version: calendar.version }).from(calendar).where(eq(calendar.id, 1)).for('share');
  if (!row) throw new Error('The calendar is missing: the migrations have not run');
  // A version's arrangements never change, so each process reads a version once.
  if (store.calendar?.version !== row.version) store.calendar = await readVersion(tx, row.version);
  return store.calendar;
}

async function readVersion(tx: Transaction, version: number): Promise<Calendar> {
  const rows = await tx
    .select()
    .from(arrangement)
    .where(lte(arrangement.version, version))
    .orderBy(asc(arrangement.version));
  const byYear = new Map<number, Arrangement>(rows.map((row) => [row.year, { ...row, basis: 'published' }]));
  return {
    version,
    arrangement(year) {
      const known = byYear.get(year) ?? estimatedArrangement(year);
      byYear.set(year, known);
      return known;
    },
  };
}
