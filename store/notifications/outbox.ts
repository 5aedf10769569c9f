import type { OfficeHours } from '../../domain/calendar/office-hours.ts';
import type { Calendar } from '../../domain/calendar/working-days.ts';
import type { NotificationDraft } from '../../domain/notifications/drafts.ts';
import type { AnnouncedChange } from '../../domain/notifications/overtaken.ts';
import { leavesAt } from '../../domain/notifications/sending-hours.ts';
import type { Transaction } from '../open.ts';
import { insertion } from '../prepared.ts';
import { type Cause, numberOf } from './about.ts';
import { dropOvertaken } from './overtaken.ts';
import { type NotificationRow, notification } from './tables.ts';

/** What decides when the notifications of a change leave, and to whom those to the applicant go. */
export interface Leave {
  /** Instant of the change. */
  at: string;
  sendingHours: OfficeHours;
  calendar: Calendar;
  /** Tells the applicant, at this phone, from others: made of keyed hashes (`personKey`). */
  applicantKey: string;
}

/** Queues what is told of a change, and drops what the change makes pointless. @returns those that weren't there */
export async function queueNotifications(
  tx: Transaction,
  cause: Cause,
  drafts: NotificationDraft[],
  change: Omit<AnnouncedChange, 'drafts'> & Leave,
): Promise<NotificationRow[]> {
  await dropOvertaken(tx, cause, { ...change, drafts }, change.at);
  return writeNotifications(tx, cause, drafts, change);
}

/**
 * Writes the notifications of a change, each once: its id is made of what it is about, the change, the purpose, the
 * recipient and the channel. An APP notification is delivered by lying in the inbox.
 * @returns those that weren't there
 */
export async function writeNotifications(
  tx: Transaction,
  cause: Cause,
  drafts: NotificationDraft[],
  leave: Leave,
): Promise<NotificationRow[]> {
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
      id: notificationId(cause, draft),
      createdAt: at,
      recipientKey: draft.recipient === 'applicant' ? applicantKey : draft.recipient,
      leavesAt: leavesAt(calendar, sendingHours, waits, at),
      state: inApp ? ('delivered' as const) : ('queued' as const),
      settledAt: inApp ? at : null,
    };
  });
  return insertNotifications(tx, rows);
}

const insertNotifications = insertion('notifications', notification, [
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

/** The id of a notification; of the same change, purpose and channel there is one for each recipient. */
export function notificationId(
  cause: Cause,
  { purpose, recipient, channel }: Record<'purpose' | 'recipient' | 'channel', string>,
): string {
  return `${numberOf(cause)}-${cause.sequence}-${purpose}-${recipient}-${channel}`;
}
