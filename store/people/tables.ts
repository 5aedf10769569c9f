import { integer, pgTable, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { application } from '../cases/tables.ts';
import { day, instant } from '../columns.ts';
import { sealed } from '../encryption/columns.ts';

/** A code (验证码) that was sent to a new phone of a case's; the last one counts. */
export const phoneCode = pgTable(
  'phone_code',
  {
    acceptanceNumber: text('acceptance_number')
      .notNull()
      .references(() => application.acceptanceNumber),
    /** Counts within the case. */
    number: integer('number').notNull(),
    phone: sealed('phone_code.phone').notNull(),
    phoneHash: text('phone_hash').notNull(),
    codeHash: text('code_hash').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    wrongTries: smallint('wrong_tries').notNull().default(0),
    confirmedAt: instant('confirmed_at'),
    /**
     * Counts within a phone and a day (Shanghai date), so that requests at once can't have more of them than the policy
     * allows.
     */
    day: day('day').notNull(),
    ofDay: smallint('of_day').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.acceptanceNumber, table.number] }),
    uniqueIndex('phone_code_of_day').on(table.phoneHash, table.day, table.ofDay),
  ],
);
