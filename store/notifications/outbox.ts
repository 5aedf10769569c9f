import { and, asc, eq, gte, inArray, isNull, lt, ne, notExists, notInArray, or, type SQL, sql } from 'drizzle-orm';
import type { OfficeHours } from '../../domain/calendar/office-hours.ts';
import type { Calendar } from '../../domain/calendar/working-days.ts';
import { outwardChannels, type Unsent } from '../../domain/notifications/delivery.ts';
import type { MessageDraft } from '../../domain/notifications/drafts.ts';
import { overtakenBy, type ToldChange } from '../../domain/notifications/overtaken.ts';
import { leavesAt } from '../../domain/notifications/sending-hours.ts';
import type { Database, Transaction } from '../open.ts';
import { given, insertion, isAny, isOf, prepared } from '../prepared.ts';
import { attempt, doneStates, type MessagePurpose, type MessageRow, message } from './tables.ts';

const isOfAccreditation = eq(message.accreditationId, sql.placeholder('accreditationId'));

/** What messages are about: an application, or an accreditation. */
export type About = { acceptanceNumber: string } | { accreditationId: string };

/** The change that messages are about. */
export type Cause = About & { sequence: number };

/** Acceptance number or accreditation id. */
export function numberOf(cause: Cause): string {
  return 'acceptanceNumber' in cause ? cause.acceptanceNumber : cause.accreditationId;
}

/** What decides when the messages of a change leave, and to whom those to the applicant go. */
export interface Leave {
  /** Instant of the change. */
  at: string;
  sendingHours: OfficeHours;
  calendar: Calendar;
  /** Tells the applicant, at this phone, from others: made of keyed hashes (`personKey`). */
  applicantKey: string;
}

/** Two members of a family may share a phone, and one person may give two: only messages with the same key can become one. */
export function personKey(idNumberHash: string, phoneHash: string): string {
  return `${idNumberHash} ${phoneHash}`;
}

/**
 * Writes the messages of a change, each once: its id is made of what it is about, the change, the purpose, the recipient and the channel. An APP
 * message is delivered by lying in the inbox.
 * @returns those that weren't there
 */
export async function writeMessages(
  tx: Transaction,
  cause: Cause,
  drafts: MessageDraft[],
  leave: Leave,
): Promise<MessageRow[]> {
  if (drafts.length === 0) return [];
  const { at, sendingHours, calendar, applicantKey } = leave;
  const rows = drafts.map((draft) => {
    const inApp = draft.channel === 'app';
    const waits = draft.channel === 'sms' && draft.leaving !== 'digest' ? draft.leaving : 'anyTime';
    return {
      ...draft,
      ...{ acceptanceNumber: null, accreditationId: null, ...cause },
      ...{
        subject: draft.subject ?? null,
        templateCode: draft.templateCode ?? null,
        parameters: draft.parameters ?? null,
      },
      id: messageId(cause, draft),
      createdAt: at,
      recipientKey: draft.recipient === 'applicant' ? applicantKey : draft.recipient,
      leavesAt: leavesAt(calendar, sendingHours, waits, at),
      state: inApp ? ('delivered' as const) : ('queued' as const),
      settledAt: inApp ? at : null,
    };
  });
  return insertMessages(tx, rows);
}

const insertMessages = insertion('messages', message, [
  ...([
    'id',
    'acceptanceNumber',
    'accreditationId',
    'sequence',
    'purpose',
    'channel',
    'recipient',
    'recipientKey',
  ] as const),
  ...([
    'subject',
    'body',
    'templateCode',
    'parameters',
    'createdAt',
    'leaving',
    'leavesAt',
    'state',
    'settledAt',
  ] as const),
]);

/** The id of a message; of the same change, purpose and channel there is one for each recipient. */
export function messageId(
  cause: Cause,
  { purpose, recipient, channel }: Record<'purpose' | 'recipient' | 'channel', string>,
): string {
  return `${numberOf(cause)}-${cause.sequence}-${purpose}-${recipient}-${channel}`;
}

/**
 * Drops the 短信 that a change makes pointless (`overtakenBy`): nobody walks on with what has failed, or may still fail, by phone least of all.
 * What is queued, and leaves at any time or somebody has begun to send, is sent.
 * @param at instant of the change
 */
export async function dropOvertaken(tx: Transaction, cause: Cause, change: ToldChange, at: string): Promise<void> {
  const over = overtakenBy(change);
  // Before the first change nothing was told that could be overtaken.
  if (over.length === 0 || cause.sequence <= 1) return;
  const values = { ...cause, purposes: over.map(({ purpose }) => purpose) };
  const earlier = await ('acceptanceNumber' in cause ? beforeInCase(tx, values) : beforeIn(tx, values));
  const pointless = earlier.filter((one) => {
    return over.some(
      ({ purpose, recipient = one.recipient }) => one.purpose === purpose && one.recipient === recipient,
    );
  });
  if (pointless.length > 0) await overtake(tx, { ids: pointless.map(({ id }) => id), settledAt: at });
}

const overtake = prepared('messages overtaken', (db) => {
  const { settledAt } = given('settledAt');
  const held = and(ne(message.leaving, 'anyTime'), isNull(message.carriedBy), unbegun(db));
  const stopped = or(ne(message.state, 'queued'), held);
  return db
    .update(message)
    .set({ state: 'overtaken', settledAt })
    .where(and(isAny(message.id, 'ids'), stopped));
});

/**
 * Takes back what changes that never were would have told: from a change on, all that nobody has begun to send, and what
 * lies in the APP inbox. It is deleted, since what is recorded in its place may have messages with the same ids. What
 * was begun stays, and so does what tells of phones, which no change has brought.
 */
export async function dropUnsaid(tx: Transaction, cause: Cause): Promise<void> {
  const ofChanges = and(isAbout(cause), gte(message.sequence, cause.sequence), notInArray(message.purpose, ofPhones));
  // Whether one has been begun is clear once it is locked.
  await tx.select({ id: message.id }).from(message).where(ofChanges).orderBy(asc(message.id)).for('update');
  const unsaid = and(inArray(message.state, ['queued', 'overtaken']), unbegun(tx));
  const rows = await tx
    .delete(message)
    .where(and(ofChanges, or(eq(message.channel, 'app'), unsaid)))
    .returning({ id: message.id });
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  // What one of them was to carry goes by itself.
  await tx.update(message).set({ carriedBy: null }).where(inArray(message.carriedBy, ids));
}

const ofPhones: MessagePurpose[] = ['phoneCode', 'phoneReplaced'];

/**
 * 短信 that tell of changes before one, and that somebody may have to be told still. Locked, since only then it is clear
 * whether one has been begun.
 */
const before = (db: Database | Transaction, about: SQL) =>
  db
    .select({ id: message.id, purpose: message.purpose, recipient: message.recipient })
    .from(message)
    .where(
      and(
        about,
        lt(message.sequence, sql.placeholder('sequence')),
        eq(message.channel, 'sms'),
        notInArray(message.state, doneStates),
        isAny(message.purpose, 'purposes'),
      ),
    )
    .orderBy(asc(message.id))
    .for('update');
const beforeInCase = prepared("messages before a case's change", (db) => before(db, isOf(message)));
const beforeIn = prepared("messages before an accreditation's change", (db) => before(db, isOfAccreditation));

/** Of messages: those that nobody has begun to send, be it by the one that carries them. */
export function unbegun(tx: Database | Transaction): SQL {
  const sentAs = sql`coalesce(${message.carriedBy}, ${message.id})`;
  return notExists(tx.select().from(attempt).where(eq(attempt.messageId, sentAs)));
}

/** What changes (by their sequences, in order) leave to be handed over. */
export async function unsentMessages(tx: Transaction, about: About, sequences: number[]): Promise<Unsent[]> {
  return (await unsentOf(tx, about, sequences[0])).filter(({ sequence }) => sequences.includes(sequence));
}

/** What there is to be handed over about an application or an accreditation, of the changes from one on. */
export async function unsentOf(db: Database | Transaction, about: About, sequence = 0): Promise<Unsent[]> {
  const values = { ...about, sequence };
  const written = await ('acceptanceNumber' in about ? ofCase(db, values) : ofAccreditation(db, values));
  // Told apart there: asked for what is queued, PostgreSQL may read all that is, rather than these.
  return unsentIn(written);
}

type Waiting = Pick<MessageRow, 'id' | 'channel' | 'sequence' | 'leavesAt' | 'state' | 'leaving' | 'carriedBy'>;

/** What there is to be handed over of messages, by change and channel; those of a change as they may leave. */
export function unsentIn(messages: Waiting[]): Unsent[] {
  const rows = messages.filter(({ state, leaving, carriedBy }) => {
    return state === 'queued' && leaving !== 'digest' && carriedBy === null;
  });
  return [...new Set(rows.map((row) => row.sequence))].flatMap((sequence) =>
    outwardChannels.flatMap((channel) => {
      const [first, ...others] = rows.filter((row) => row.sequence === sequence && row.channel === channel);
      if (!first) return [];
      return [{ channel, sequence, leavesAt: first.leavesAt, messageIds: [first, ...others].map(({ id }) => id) }];
    }),
  );
}

/** Messages of a change and of those after it. */
const since = (db: Database | Transaction, about: SQL) => {
  const { id, channel, sequence, leavesAt: leaves, state, leaving, carriedBy } = message;
  return db
    .select({ id, channel, sequence, leavesAt: leaves, state, leaving, carriedBy })
    .from(message)
    .where(and(about, gte(sequence, sql.placeholder('sequence'))))
    .orderBy(sequence, leaves, id);
};
const ofCase = prepared("messages of a case's changes", (db) => since(db, isOf(message)));
const ofAccreditation = prepared("messages of an accreditation's changes", (db) => since(db, isOfAccreditation));

/** Of messages: those about an application or an accreditation. */
export function isAbout(about: About): SQL {
  return 'acceptanceNumber' in about
    ? eq(message.acceptanceNumber, about.acceptanceNumber)
    : eq(message.accreditationId, about.accreditationId);
}
