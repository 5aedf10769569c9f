import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from '../../columns.ts';
import { encrypted } from '../../encryption/columns.ts';
import { application } from '../tables.ts';

/** What the staff note on a case for each other (内部备注); the applicant and the agent never see it. */
export const caseNote = pgTable(
  'case_note',
  {
    id: text('id').primaryKey(),
    acceptanceNumber: text('acceptance_number')
      .notNull()
      .references(() => application.acceptanceNumber),
    at: instant('at').notNull(),
    /** Staff id. */
    by: text('by').notNull(),
    text: encrypted<string>('case_note.text').notNull(),
  },
  (table) => [index('case_note_case').on(table.acceptanceNumber, table.at)],
);
export type CaseNoteRow = typeof caseNote.$inferSelect;
