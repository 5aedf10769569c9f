import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** A request that carried an Idempotency-Key, and what it was answered. */
export const idempotency = pgTable(
  'idempotency',
  {
    subject: text('subject').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    acceptanceNumber: text('acceptance_number').notNull(),
    createdAt: instant('created_at').notNull(),
    /** What was answered, encrypted like all that tells of people; null while the first try is under way, or died. */
    answer: text('answer'),
  },
  (table) => [primaryKey({ columns: [table.subject, table.key] })],
);
