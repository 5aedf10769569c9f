import { sql } from 'drizzle-orm';
import { boolean, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Handover } from '../../domain/staff/absence.ts';
import { day, instant } from '../columns.ts';
import { encrypted } from '../encryption/columns.ts';

/** Staff (工作人员): opaque id, name, roles, where to reach them. */
export const staff = pgTable('staff', {
  id: text('id').primaryKey(),
  name: encrypted<string>('staff.name').notNull(),
  roles: jsonb('roles').$type<string[]>().notNull(),
  email: encrypted<string>('staff.email').notNull(),
  phone: encrypted<string>('staff.phone').notNull(),
  /** False for somebody who has left: they can do nothing, and get no mail. */
  active: boolean('active').notNull().default(true),
});
export type StaffRow = typeof staff.$inferSelect;

/**
 * An absence (不在岗) that was entered for somebody of the staff; those that were replaced, ended or are over are kept.
 * Its id is part of its workflow's. One without a last day is a departure (离岗), which stands until the person reviews
 * again.
 */
export const absence = pgTable(
  'absence',
  {
    id: text('id').primaryKey(),
    staffId: text('staff_id')
      .notNull()
      .references(() => staff.id),
    from: day('first_day').notNull(),
    until: day('last_day'),
    /** Who takes over (接替人); null where the cases are given back. */
    to: text('substitute').references(() => staff.id),
    enteredBy: text('entered_by').notNull(),
    enteredAt: instant('entered_at').notNull(),
    /** Its workflow has begun. */
    started: boolean('started').notNull().default(false),
    /** When another one was entered in its place, or it was ended; null while it stands. */
    endedAt: instant('ended_at'),
    /** What became of the open cases; null until they were handed over. */
    handover: jsonb('handover').$type<Handover>(),
  },
  (table) => [uniqueIndex('absence_standing').on(table.staffId).where(sql`${table.endedAt} is null`)],
);
export type AbsenceRow = typeof absence.$inferSelect;
