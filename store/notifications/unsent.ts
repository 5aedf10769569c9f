import { and, gte, type SQL, sql } from 'drizzle-orm';
import { outwardChannels, type Unsent } from '../../domain/notifications/delivery.ts';
import type { Database, Transaction } from '../open.ts';
import { isOf, prepared } from '../prepared.ts';
import { type About, isOfAccreditation } from './about.ts';
import { type NotificationRow, notification } from './tables.ts';

/** What changes (by their sequences, in order) leave to be dispatched. */
export async function unsentNotifications(tx: Transaction, about: About, sequences: number[]): Promise<Unsent[]> {
  return (await unsentOf(tx, about, sequences[0])).filter(({ sequence }) => sequences.includes(sequence));
}

/** What there is to be dispatched about an application or an accreditation, of the changes from one on. */
export async function unsentOf(db: Database | Transaction, about: About, sequence = 0): Promise<Unsent[]> {
  const values = { ...about, sequence };
  const written = await ('acceptanceNumber' in about ? ofCase(db, values) : ofAccreditation(db, values));
  // `unsentIn` filters, and not the query: asked for what is queued, PostgreSQL might read all that is queued, rather
  // than these.
  return unsentIn(written);
}

type Waiting = Pick<NotificationRow, 'id' | 'channel' | 'sequence' | 'leavesAt' | 'state' | 'leaving' | 'carriedBy'>;

/** What there is to be dispatched of notifications, by change and channel; those of a change as they may leave. */
export function unsentIn(notifications: Waiting[]): Unsent[] {
  const rows = notifications.filter(({ state, leaving, carriedBy }) => {
    return state === 'queued' && leaving !== 'briefing' && carriedBy === null;
  });
  return [...new Set(rows.map((row) => row.sequence))].flatMap((sequence) =>
    outwardChannels.flatMap((channel) => {
      const [first, ...others] = rows.filter((row) => row.sequence === sequence && row.channel === channel);
      if (!first) return [];
      return [{ channel, sequence, leavesAt: first.leavesAt, notificationIds: [first, ...others].map(({ id }) => id) }];
    }),
  );
}

/** Notifications of a change and of those after it. */
const since = (db: Database | Transaction, about: SQL) => {
  const { id, channel, sequence, leavesAt: leaves, state, leaving, carriedBy } = notification;
  return db
    .select({ id, channel, sequence, leavesAt: leaves, state, leaving, carriedBy })
    .from(notification)
    .where(and(about, gte(sequence, sql.placeholder('sequence'))))
    .orderBy(sequence, leaves, id);
};
const ofCase = prepared("notifications of a case's changes", (db) => since(db, isOf(notification)));
const ofAccreditation = prepared("notifications of an accreditation's changes", (db) => since(db, isOfAccreditation));
