import { sql } from 'drizzle-orm';
import { integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { application } from '../cases/tables.ts';
import { instant } from '../columns.ts';
import { encrypted } from '../encryption/columns.ts';

/** An erasure (删除个人信息) of all that is held about a person: that there was one, by whom and why, not of whom. */
export const erasure = pgTable(
  'erasure',
  {
    id: text('id').primaryKey(),
    /** The person, while it is under way: nobody files for them meanwhile. Null once it is finished. */
    idNumberHash: text('id_number_hash'),
    by: text('by').notNull(),
    reason: encrypted<string>('erasure.reason').notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    /** How much it has erased so far. */
    cases: integer('cases').notNull().default(0),
    accreditations: integer('accreditations').notNull().default(0),
    files: integer('files').notNull().default(0),
  },
  (table) => [uniqueIndex('erasure_under_way').on(table.idNumberHash)],
);
export type ErasureRow = typeof erasure.$inferSelect;

/** Why nothing of a person or of a case may be erased (法律保留): a lawsuit, an inspection. Lifted ones are kept. */
export const legalHold = pgTable(
  'legal_hold',
  {
    id: text('id').primaryKey(),
    /** What it is for: one of the two. The person's goes when they are erased, after it was lifted. */
    idNumberHash: text('id_number_hash'),
    acceptanceNumber: text('acceptance_number').references(() => application.acceptanceNumber),
    setBy: text('set_by').notNull(),
    setAt: instant('set_at').notNull(),
    reason: encrypted<string>('legal_hold.reason').notNull(),
    liftedBy: text('lifted_by'),
    liftedAt: instant('lifted_at'),
    liftReason: encrypted<string>('legal_hold.lift_reason'),
  },
  (table) => [
    uniqueIndex('legal_hold_person').on(table.idNumberHash).where(sql`${table.liftedAt} is null`),
    uniqueIndex('legal_hold_case').on(table.acceptanceNumber).where(sql`${table.liftedAt} is null`),
  ],
);
