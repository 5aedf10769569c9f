import { and, eq, inArray, lt, ne, notExists, or, type SQL } from 'drizzle-orm';
import type { Calendar } from '../domain/calendar.ts';
import type { OfficeHours } from '../domain/office-hours.ts';
import { leavesAt } from '../domain/sending-hours.ts';
import type { MessageDraft } from '../policy/notifications.ts';
import { attempt, message } from './schema.ts';
import type { Transaction } from './store.ts';

/** The change that messages are about: of an application, or of an accreditation. */
export type Cause = ({ acceptanceNumber: string } | { accreditationId: string }) & { sequence: number };

/** What decides when the messages of a change leave, and to whom those to the applicant go. */
export interface Leave {
  /** Instant of the change. */
  at: string;
  sendingHours: OfficeHours;
  calendar: Calendar;
  /** Keyed hash of the applicant's phone. */
  phoneHash: string;
}

/**
 * Writes the messages of a change, each once: its id is made of what it is about, the change, the purpose, the recipient and the channel. An APP
 * message is delivered by lying in the inbox.
 */
export async function writeMessages(tx: Transaction, cause: Cause, drafts: MessageDraft[], leave: Leave) {
  if (drafts.length === 0) return;
  const { at, sendingHours, calendar, phoneHash } = leave;
  const rows = drafts.map((draft) => {
    const inApp = draft.channel === 'app';
    const waits = draft.channel === 'sms' && draft.leaving !== 'digest';
    return {
      ...draft,
      ...cause,
      id: messageId(cause, draft),
      createdAt: at,
      recipientKey: draft.recipient === 'applicant' ? phoneHash : draft.recipient,
      leavesAt: waits ? leavesAt(calendar, sendingHours, draft.leaving as never, at) : at,
      state: inApp ? ('delivered' as const) : ('queued' as const),
      settledAt: inApp ? at : null,
    };
  });
  await tx.insert(message).values(rows);
}

function messageId(cause: Cause, { purpose, recipient, channel }: Pick<MessageDraft, 'purpose' | 'recipient' | 'channel'>) {
  const about = 'acceptanceNumber' in cause ? cause.acceptanceNumber : cause.accreditationId;
  return `${about}-${cause.sequence}-${purpose}-${recipient}-${channel}`;
}

/**
 * Drops what an applicant no longer needs to hear of a case: reminders once the status has changed, and with a result all that still waits for
 * the sending hours. What somebody has begun to send is sent.
 */
export async function dropOvertaken(tx: Transaction, cause: Cause, drafts: MessageDraft[], at: string): Promise<void> {
  const isResult = drafts.some(({ channel, recipient, leaving }) => {
    return channel === 'sms' && recipient === 'applicant' && leaving === 'anyTime';
  });
  const begun = tx.select().from(attempt).where(eq(attempt.messageId, message.id));
  const waiting = and(
    aboutOf(cause),
    lt(message.sequence, cause.sequence),
    eq(message.recipient, 'applicant'),
    eq(message.channel, 'sms'),
    eq(message.state, 'queued'),
    isResult ? ne(message.leaving, 'anyTime') : eq(message.leaving, 'collected'),
    notExists(begun),
  );
  await tx.update(message).set({ state: 'overtaken', settledAt: at }).where(waiting);
}

/**
 * Ids of a change's messages that nobody has handed over yet, by channel, and when the first of them leaves. Those for a digest wait for that.
 */
export async function queuedMessages(tx: Transaction, cause: Cause) {
  const rows = await tx
    .select({ id: message.id, channel: message.channel, leavesAt: message.leavesAt })
    .from(message)
    .where(and(aboutOf(cause), eq(message.sequence, cause.sequence), eq(message.state, 'queued'), ne(message.leaving, 'digest')));
  const idsOf = (channel: 'sms' | 'email') => rows.filter((row) => row.channel === channel).map(({ id }) => id);
  const [leavesAt = null] = rows.map((row) => row.leavesAt).sort();
  return { queued: { sms: idsOf('sms'), email: idsOf('email') }, leavesAt };
}

function aboutOf(cause: Cause): SQL {
  return 'acceptanceNumber' in cause
    ? eq(message.acceptanceNumber, cause.acceptanceNumber)
    : eq(message.accreditationId, cause.accreditationId);
}
