import { index, integer, pgTable, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { NoticeKind } from '../../domain/notices.ts';
import { accreditation } from '../accreditations/tables.ts';
import { application } from '../cases/tables.ts';
import { sealed } from '../encryption/columns.ts';

/** A notice (告知书) as it was issued, once for the change that it tells of; what it says never changes. */
export const notice = pgTable(
  'notice',
  {
    id: text('id').primaryKey(),
    /** What it is about: one of the two. */
    acceptanceNumber: text('acceptance_number').references(() => application.acceptanceNumber),
    accreditationId: text('accreditation_id').references(() => accreditation.id),
    sequence: integer('sequence').notNull(),
    kind: text('kind').$type<NoticeKind>().notNull(),
    /** The document number (文号) counts within a kind and a year. */
    year: smallint('year').notNull(),
    number: integer('number').notNull(),
    /** The whole text, which names the person. */
    content: sealed('notice.content').notNull(),
  },
  (table) => [
    // Not unique: one stays that was issued for a change that was replaced after a restore.
    index('notice_case').on(table.acceptanceNumber, table.sequence),
    index('notice_accreditation').on(table.accreditationId, table.sequence),
    uniqueIndex('notice_number').on(table.kind, table.year, table.number),
  ],
);
export type NoticeRow = typeof notice.$inferSelect;

/**
 * The last document number of a kind and a year. Whoever issues a notice holds it to the end, so no number is lost or
 * given twice.
 */
export const noticeCounter = pgTable(
  'notice_counter',
  {
    kind: text('kind').$type<NoticeKind>().notNull(),
    year: smallint('year').notNull(),
    last: integer('last').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.year] })],
);
