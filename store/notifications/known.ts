import { asc, eq } from 'drizzle-orm';
import { accreditation } from '../accreditations/tables.ts';
import { application } from '../cases/tables.ts';
import type { Store } from '../open.ts';
import { isAny, prepared } from '../prepared.ts';
import { type StaffRow, staff } from '../staff/tables.ts';
import { openMessage } from './personal.ts';
import { phoneOf } from './queries.ts';
import { type AttemptRow, attempt, type MessageRow, message } from './tables.ts';

/** A message as a provider gets it. */
export interface OutgoingMessage {
  id: string;
  channel: 'sms' | 'email';
  /** An E.164 phone number or an e-mail address; null where the recipient isn't known (any more). */
  address: string | null;
  subject: string;
  body: string;
  /** For providers that know a 短信 by its template and parameters only (阿里云); null where the policy names none. */
  template: { code: string; parameters: Record<string, string> } | null;
}

/** A message with where it goes: an E.164 phone number or an e-mail address. */
export type Addressed = OutgoingMessage & { address: string };

/** A message with what decides what is done with it. */
export interface KnownMessage {
  row: MessageRow;
  /** Its own words: those that it carries aren't in them. */
  outgoing: OutgoingMessage;
  /** So far, oldest first. */
  attempts: AttemptRow[];
  /** Those that it carries. */
  carried: MessageRow[];
}

/**
 * Those of the messages that nobody has taken yet, and that no other one carries; the recipient's address is looked up
 * now.
 */
export async function queuedOf(store: Store, ids: string[]): Promise<KnownMessage[]> {
  // Filtered here and not in the query: asked for what is queued, PostgreSQL might read all that is queued, rather than
  // these.
  return (await readKnown(store, ids)).filter(({ row }) => row.state === 'queued' && row.carriedBy === null);
}

/** One message, whatever has become of it. */
export async function findMessage(store: Store, id: string): Promise<KnownMessage | undefined> {
  const [known] = await readKnown(store, [id]);
  return known;
}

const withRecipients = prepared('messages with their recipients', (db) =>
  db
    .select()
    .from(message)
    .leftJoin(application, eq(application.acceptanceNumber, message.acceptanceNumber))
    .leftJoin(accreditation, eq(accreditation.id, message.accreditationId))
    .leftJoin(staff, eq(staff.id, message.recipient))
    .where(isAny(message.id, 'ids'))
    .orderBy(asc(message.id)),
);
/** Attempts of the messages that are given as `ids`, each one's in order. */
export const attemptsAt = prepared('attempts in order', (db) =>
  db.select().from(attempt).where(isAny(attempt.messageId, 'ids')).orderBy(attempt.number),
);
const carriedBy = prepared('carried messages', (db) =>
  db.select().from(message).where(isAny(message.carriedBy, 'ids')).orderBy(message.id),
);

async function readKnown(store: Store, ids: string[]): Promise<KnownMessage[]> {
  const rows = await withRecipients(store.db, { ids });
  if (rows.length === 0) return [];
  const attempts = await attemptsAt(store.db, { ids });
  const carried = await carriedBy(store.db, { ids });
  return rows.map(({ message: row, ...about }) => ({
    ...knownMessage(store, row, about),
    attempts: attempts.filter(({ messageId }) => messageId === row.id),
    carried: carried.filter(({ carriedBy }) => carriedBy === row.id),
  }));
}

/**
 * Messages that were just written: nobody has begun to send them, and they carry no others.
 * @param about what they are about
 */
export function asKnown(store: Store, rows: MessageRow[], about: AboutWhom, people: StaffRow[]): KnownMessage[] {
  const inOffice = (recipient: string) => people.find(({ id }) => id === recipient) ?? null;
  return rows.map((row) => knownMessage(store, row, { ...about, staff: inOffice(row.recipient) }));
}

type AboutWhom = Parameters<typeof phoneOf>[1];

/** A message that nobody has begun to send, and that carries no others. */
function knownMessage(store: Store, row: MessageRow, about: AboutWhom & { staff: StaffRow | null }): KnownMessage {
  const { id, channel, recipient, subject, templateCode } = row;
  const sealed = openMessage(store, row);
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
