import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * How often somebody did something within a time; all processes of the api count here. The keys hold opaque ids and
 * keyed hashes (`api/http/limits.ts`).
 */
export const limitCount = pgTable(
  'limit_count',
  {
    key: text('key').primaryKey(),
    points: integer('points').notNull(),
    /** From then on it is counted anew. A Date, as the limiter's library has it. */
    expire: timestamp('expire', { withTimezone: true, mode: 'date' }),
  },
  (table) => [index('limit_count_expire').on(table.expire)],
);
