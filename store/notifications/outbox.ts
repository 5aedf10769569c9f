import type { OfficeHours } from '../../domain/calendar/office-hours.ts';
import type { Calendar } from '../../domain/calendar/working-days.ts';
import type { MessageDraft } from '../../domain/notifications/drafts.ts';
import type { AnnouncedChange } from '../../domain/notifications/overtaken.ts';
import { leavesAt } from '../../domain/notifications/sending-hours.ts';
import type { Transaction } from '../open.ts';
import { insertion } from '../prepared.ts';
import { type Cause, numberOf } from './about.ts';
import { dropOvertaken } from './overtaken.ts';
import { type MessageRow, message } from './tables.ts';

/** What decides when the messages of a change leave, and to whom those to the applicant go. */
export interface Leave {
  /** Instant of the change. */
  at: string;
  sendingHours: OfficeHours;
  calendar: Calendar;
  /** Tells the applicant, at this phone, from others: made of keyed hashes (`personKey`). */
  applicantKey: string;
}

/** Queues what is told of a change, and drops what the change makes pointless. @returns those that weren't there */
export async function queueMessages(
  tx: Transaction,
  cause: Cause,
  drafts: MessageDraft[],
  change: Omit<AnnouncedChange, 'drafts'> & Leave,
): Promise<MessageRow[]> {
  await dropOvertaken(tx, cause, { ...change, drafts }, change.at);
  return writeMessages(tx, cause, drafts, change);
}

/**
 * Writes the messages of a change, each once: its id is made of what it is about, the change, the purpose, the
 * recipient and the channel. An APP message is delivered by lying in the inbox.
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
    const waits = draft.channel === 'sms' && draft.leaving !== 'briefing' ? draft.leaving : 'anyTime';
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
