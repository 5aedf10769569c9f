import { and, asc, eq } from 'drizzle-orm';
import { accreditation } from '../accreditations/tables.ts';
import { application } from '../cases/tables.ts';
import type { Store } from '../open.ts';
import { isAny, prepared } from '../prepared.ts';
import { type StaffRow, staff } from '../staff/tables.ts';
import { openNotification } from './personal.ts';
import { phoneOf } from './queries.ts';
import { type AttemptRow, attempt, type NotificationRow, notification } from './tables.ts';

/** A notification as a provider gets it. */
export interface OutgoingNotification {
  id: string;
  channel: 'sms' | 'email';
  /** An E.164 phone number or an e-mail address; null where the recipient isn't known (any more). */
  address: string | null;
  subject: string;
  body: string;
  /** For providers that know a 短信 by its template and parameters only (阿里云); null where the policy names none. */
  template: { code: string; parameters: Record<string, string> } | null;
}

/** A notification with where it goes: an E.164 phone number or an e-mail address. */
export type Addressed = OutgoingNotification & { address: string };

/** A notification with what decides what is done with it. */
export interface KnownNotification {
  row: NotificationRow;
  /** Its own words: those that it carries aren't in them. */
  outgoing: OutgoingNotification;
  /** So far, oldest first. */
  attempts: AttemptRow[];
  /** Those that it carries. */
  carried: NotificationRow[];
}

/**
 * Those of the notifications that nobody has taken yet, and that no other one carries; the recipient's address is
 * looked up now.
 */
export async function queuedOf(store: Store, ids: string[]): Promise<KnownNotification[]> {
  // Filtered here and not in the query: asked for what is queued, PostgreSQL might read all that is queued, rather than
  // these.
  return (await readKnown(store, ids)).filter(({ row }) => row.state === 'queued' && row.carriedBy === null);
}

/** One notification, whatever has become of it. */
export async function findNotification(store: Store, id: string): Promise<KnownNotification | undefined> {
  const [known] = await readKnown(store, [id]);
  return known;
}

const withRecipients = prepared('notifications with their recipients', (db) =>
  db
    .select()
    .from(notification)
    .leftJoin(application, eq(application.acceptanceNumber, notification.acceptanceNumber))
    .leftJoin(accreditation, eq(accreditation.id, notification.accreditationId))
    // Nobody who has left is sent anything.
    .leftJoin(staff, and(eq(staff.id, notification.recipient), staff.active))
    .where(isAny(notification.id, 'ids'))
    .orderBy(asc(notification.id)),
);
/** Attempts of the notifications that are given as `ids`, each one's in order. */
export const attemptsAt = prepared('attempts in order', (db) =>
  db.select().from(attempt).where(isAny(attempt.notificationId, 'ids')).orderBy(attempt.number),
);
const carriedBy = prepared('carried notifications', (db) =>
  db.select().from(notification).where(isAny(notification.carriedBy, 'ids')).orderBy(notification.id),
);

async function readKnown(store: Store, ids: string[]): Promise<KnownNotification[]> {
  const rows = await withRecipients(store.db, { ids });
  if (rows.length === 0) return [];
  const attempts = await attemptsAt(store.db, { ids });
  const carried = await carriedBy(store.db, { ids });
  return rows.map(({ notification: row, ...about }) => ({
    ...knownNotification(store, row, about),
    attempts: attempts.filter(({ notificationId }) => notificationId === row.id),
    carried: carried.filter(({ carriedBy }) => carriedBy === row.id),
  }));
}

/**
 * Notifications that were just written: nobody has begun to send them, and they carry no others.
 * @param about what they are about
 */
export function asKnown(
  store: Store,
  rows: NotificationRow[],
  about: AboutWhom,
  people: StaffRow[],
): KnownNotification[] {
  const inOffice = (recipient: string) => people.find(({ id }) => id === recipient) ?? null;
  return rows.map((row) => knownNotification(store, row, { ...about, staff: inOffice(row.recipient) }));
}

type AboutWhom = Parameters<typeof phoneOf>[1];

/** A notification that nobody has begun to send, and that carries no others. */
function knownNotification(
  store: Store,
  row: NotificationRow,
  about: AboutWhom & { staff: StaffRow | null },
): KnownNotification {
  const { id, channel, recipient, subject, templateCode } = row;
  const sealed = openNotification(store, row);
  const { body, parameters } = { ...row, ...sealed };
  const ofPerson = () => (recipient === 'applicant' ? phoneOf(store, about) : about.staff?.phone);
  const phone = () => (sealed ? `+86${sealed.phone}` : ofPerson());
  const address = (channel === 'sms' ? phone() : about.staff?.email) ?? null;
  const template = templateCode && parameters ? { code: templateCode, parameters } : null;
  return {
    row,
    outgoing: { id, channel: channel === 'sms' ? 'sms' : 'email', address, subject: subject ?? '', body, template },
    attempts: [],
    carried: [],
  };
}
