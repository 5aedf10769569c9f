import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { application } from '../cases/tables.ts';
import { instant } from '../columns.ts';

/** An uploaded file; its content lies encrypted in FILES_DIR under its id. */
export const file = pgTable(
  'file',
  {
    id: text('id').primaryKey(),
    sha256: text('sha256').notNull(),
    contentType: text('content_type').notNull(),
    size: integer('size').notNull(),
    uploadedBy: text('uploaded_by').notNull(),
    uploadedAt: instant('uploaded_at').notNull(),
    /** When it was uploaded, or last handed in: while no case has it, it is kept for some days from then on. */
    wantedAt: instant('wanted_at').notNull(),
    /**
     * Keyed hash of the ID number of whom it was handed in for: a paper is a person's, whichever of their cases have it.
     * Null until it is handed in, empty once it is being deleted with the last case that had it.
     */
    idNumberHash: text('id_number_hash'),
  },
  (table) => [
    index('file_sha256').on(table.sha256),
    index('file_uploader').on(table.uploadedBy, table.uploadedAt),
    index('file_unused').on(table.uploadedBy).where(sql`${table.idNumberHash} is null`),
  ],
);
export type FileRow = typeof file.$inferSelect;

/** In place of the person, in a file that is being deleted. */
export const GOING = '';

/** The files that a case has. One may have been handed in with several cases of a person: it goes with the last. */
export const caseFile = pgTable(
  'case_file',
  {
    acceptanceNumber: text('acceptance_number')
      .notNull()
      .references(() => application.acceptanceNumber),
    fileId: text('file_id')
      .notNull()
      .references(() => file.id),
  },
  (table) => [
    primaryKey({ columns: [table.acceptanceNumber, table.fileId] }),
    index('case_file_file').on(table.fileId),
  ],
);
