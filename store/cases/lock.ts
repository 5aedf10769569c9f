import { sql } from 'drizzle-orm';
import { calendarOf, lockCalendar } from '../calendar/queries.ts';
import { calendar as calendarTable } from '../calendar/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { isOf, prepared } from '../prepared.ts';
import { type ApplicationRow, application } from './tables.ts';

/** A workflow was started for an acceptance number that was never given out. */
export class UnknownApplication extends Error {}

/**
 * Locks the calendar, as `lockCalendar` does, and then the row, in one statement: every decision begins with it.
 * @throws UnknownApplication
 */
export async function lockWithCalendar(store: Store, tx: Transaction, acceptanceNumber: string) {
  const rows = await heldWithCalendar(tx, { acceptanceNumber });
  // Without a calendar no case is found either: `lockCalendar` then says what is really missing.
  if (rows.length === 0) await lockCalendar(store, tx);
  const { row, version } = existing(rows);
  return { row, calendar: await calendarOf(store, tx, version) };
}

const heldWithCalendar = prepared('application for update, calendar for share', (db) => {
  const inForce = db
    .$with('in_force')
    .as(db.select({ version: calendarTable.version }).from(calendarTable).for('share'));
  return db
    .with(inForce)
    .select({ row: application, version: inForce.version })
    .from(application)
    .innerJoin(inForce, sql`true`)
    .where(isOf(application))
    .for('update', { of: application });
});

/** @throws UnknownApplication */
export async function lockApplication(tx: Transaction, acceptanceNumber: string): Promise<ApplicationRow> {
  return existing(await held(tx, { acceptanceNumber }));
}

const held = prepared('application for update', (db) =>
  db.select().from(application).where(isOf(application)).for('update'),
);

/** @throws UnknownApplication where there is none */
export function existing<Row>([row]: Row[]): Row {
  if (row === undefined) throw new UnknownApplication('No application was filed under this acceptance number');
  return row;
}
