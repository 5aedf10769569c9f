import { bigint, index, integer, pgTable, text } from 'drizzle-orm/pg-core';

/**
 * How often somebody did something within a time; all processes of the api count here. The keys hold opaque ids and
 * keyed hashes (`api/http/limits.ts`). The library, `rate-limiter-flexible`, knows the columns by name and by place.
 */
export const limitCount = pgTable(
  'limit_count',
  {
    key: text('key').primaryKey(),
    points: integer('points').notNull(),
    /** From then on it is counted anew: in milliseconds since 1970, as the limiter's library has it. */
    expire: bigint('expire', { mode: 'number' }),
  },
  (table) => [index('limit_count_expire').on(table.expire)],
);
