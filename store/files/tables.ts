import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
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
    /** The case it was handed in with; null until then. */
    acceptanceNumber: text('acceptance_number').references(() => application.acceptanceNumber),
  },
  (table) => [
    index('file_sha256').on(table.sha256),
    index('file_case').on(table.acceptanceNumber),
    index('file_uploader').on(table.uploadedBy, table.uploadedAt),
    index('file_unused').on(table.uploadedBy).where(sql`${table.acceptanceNumber} is null`),
  ],
);
export type FileRow = typeof file.$inferSelect;
