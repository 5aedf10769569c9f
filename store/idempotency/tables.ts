import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';
import { sealed } from '../encryption/columns.ts';

/** A request that carried an Idempotency-Key, and what it was answered. */
export const idempotency = pgTable(
  'idempotency',
  {
    subject: text('subject').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    acceptanceNumber: text('acceptance_number').notNull(),
    createdAt: instant('created_at').notNull(),
    /** What was answered; null while the first try is under way, or died. */
    answer: sealed('idempotency.answer'),
  },
  (table) => [primaryKey({ columns: [table.subject, table.key] })],
);
