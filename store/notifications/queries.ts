import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { openPerson } from '../accreditations/personal.ts';
import { accreditation } from '../accreditations/tables.ts';
import { openPersonal } from '../cases/personal.ts';
import { isVisibleTo } from '../cases/queries.ts';
import { application } from '../cases/tables.ts';
import type { Store } from '../open.ts';
import type { Person } from '../people/personal.ts';
import { isAny, isOf, prepared } from '../prepared.ts';
import { isOfAccreditation } from './about.ts';
import { attempt, type NotificationRow, notification } from './tables.ts';

/** What a notification is about: its case or its accreditation. */
interface About {
  application: Parameters<typeof openPersonal>[1] | null;
  accreditation: Parameters<typeof openPerson>[1] | null;
}

/** The applicant, or who was accredited; null where it is about nobody. */
export function personOf(store: Store, { application: filed, accreditation: granted }: About): Person | null {
  return filed ? openPersonal(store, filed).applicant : granted && openPerson(store, granted);
}

/** That person's phone (E.164); null where an earlier system had none. */
export function phoneOf(store: Store, about: About): string | null {
  const phone = personOf(store, about)?.phone;
  return phone ? `+86${phone}` : null;
}

export interface InboxFilter {
  /** Whose inbox: the keyed hash of their ID number. */
  person: string;
  /** Where the last page ended. */
  after?: { createdAt: string; id: string } | undefined;
  limit: number;
}

/**
 * The APP notifications (APP 消息) about a person's cases, those that they filed as an agent, and their accreditations,
 * newest first.
 */
export function inbox({ db }: Store, { person, after, limit }: InboxFilter) {
  const { id, acceptanceNumber, accreditationId, purpose, body, createdAt } = notification;
  const shown = { id, acceptanceNumber, accreditationId, purpose, body, createdAt, readAt: readAtBy(person) };
  const older = after && sql`(${createdAt}, ${id}) < (${after.createdAt}, ${after.id})`;
  const about = (condition: SQL) =>
    db
      .select(shown)
      .from(notification)
      .where(and(condition, eq(notification.channel, 'app'), older));
  const { ofCases, ofAccreditations } = inboxOf(db, person);
  // A notification is about one of the two. With OR in one query PostgreSQL would read every notification there is.
  return about(ofCases).unionAll(about(ofAccreditations)).orderBy(desc(createdAt), desc(id)).limit(limit);
}

/** When somebody has read a notification (instant), or null. @param person the keyed hash of their ID number */
export function readAtBy(person: string) {
  return sql<string | null>`${notification.readBy} ->> ${person}::text`.as('read_at');
}

/** Of notifications: those about a person's cases and those they filed, and those about their accreditations. */
export function inboxOf(db: Store['db'], person: string): Record<'ofCases' | 'ofAccreditations', SQL> {
  const filed = db
    .select({ acceptanceNumber: application.acceptanceNumber })
    .from(application)
    .where(isVisibleTo(person));
  const granted = db.select({ id: accreditation.id }).from(accreditation).where(eq(accreditation.idNumberHash, person));
  return {
    ofCases: inArray(notification.acceptanceNumber, filed),
    ofAccreditations: inArray(notification.accreditationId, granted),
  };
}

/** What was sent, or could not be, about a case. */
export function notificationsOfCase(store: Store, acceptanceNumber: string): Promise<NotificationRow[]> {
  return ofCase(store.db, { acceptanceNumber });
}

/** What was sent, or could not be, about an accreditation. */
export function notificationsOfAccreditation(store: Store, id: string): Promise<NotificationRow[]> {
  return ofAccreditation(store.db, { accreditationId: id });
}

/** As the changes came of which they tell. */
const inOrder = [asc(notification.sequence), asc(notification.id)];
const ofCase = prepared('notifications of a case', (db) =>
  db
    .select()
    .from(notification)
    .where(isOf(notification))
    .orderBy(...inOrder),
);
const ofAccreditation = prepared('notifications of an accreditation', (db) =>
  db
    .select()
    .from(notification)
    .where(isOfAccreditation)
    .orderBy(...inOrder),
);

/** All tries to dispatch notifications, oldest first. */
export function attemptsOf(store: Store, notifications: NotificationRow[]) {
  return attemptsAt(store.db, { ids: notifications.map(({ id }) => id) });
}

const attemptsAt = prepared('attempts', (db) =>
  db.select().from(attempt).where(isAny(attempt.notificationId, 'ids')).orderBy(asc(attempt.startedAt)),
);
