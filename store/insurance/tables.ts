import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import type { CoreEventKind } from '../../domain/vocabulary.ts';
import { day, instant } from '../columns.ts';

/** Something that the insurance core has told of a person (变动通知), once however often it is told. */
export const coreEvent = pgTable(
  'core_event',
  {
    /** The core's. */
    eventId: text('event_id').primaryKey(),
    receivedAt: instant('received_at').notNull(),
    /** Of whom; the number itself isn't kept. */
    idNumberHash: text('id_number_hash').notNull(),
    kind: text('kind').$type<CoreEventKind>().notNull(),
    /** Shanghai date on which it happened. */
    happenedOn: day('happened_on').notNull(),
    /** Since when everything that it touches is known to be revoked; null while somebody has to look. */
    settledAt: instant('settled_at'),
    /**
     * How often something was granted since that the event touches. Whoever settles it must have looked after the
     * last of them.
     */
    reopened: integer('reopened').notNull().default(0),
  },
  (table) => [
    index('core_event_person').on(table.idNumberHash, table.happenedOn),
    index('core_event_unsettled').on(table.happenedOn).where(sql`${table.settledAt} is null`),
  ],
);
export type CoreEventRow = typeof coreEvent.$inferSelect;
