import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { day, instant } from '../columns.ts';

/** One row: the version of the calendar that is in force. Whoever computes due dates holds it under a share lock. */
export const calendar = pgTable('calendar', {
  id: smallint('id').primaryKey(),
  version: integer('version').notNull(),
  /**
   * The version that all open cases have been recomputed by; an earlier one while a publication is under way, or was
   * cut off.
   */
  recomputed: integer('recomputed').notNull().default(0),
});

/**
 * A year's arrangement; a change is a new row with the calendar version that brought it, so what was in force is never
 * lost. Version 0 is what the State Council had changed before this system came to be.
 */
export const arrangement = pgTable(
  'arrangement',
  {
    year: smallint('year').notNull(),
    version: integer('version').notNull(),
    daysOff: jsonb('days_off').$type<Record<string, string>>().notNull(),
    makeUpDays: jsonb('make_up_days').$type<Record<string, string>>().notNull(),
    circular: text('circular'),
    publishedOn: day('published_on'),
    /** Token subject of the admin; `system` for those that came with the program. */
    enteredBy: text('entered_by').notNull().default('system'),
    enteredAt: instant('entered_at').notNull().default(sql`now()`),
  },
  (table) => [primaryKey({ columns: [table.year, table.version] })],
);
export type ArrangementRow = typeof arrangement.$inferSelect;
