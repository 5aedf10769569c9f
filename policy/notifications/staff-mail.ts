import type { Policy } from '../schema.ts';
import { fill } from '../texts.ts';

/** What a mail to one of the staff says. */
export interface StaffMail {
  subject: string;
  body: string;
}

/** A notification to one of the staff, and the case that it is about. */
export interface StaffNotification extends StaffMail {
  /** Null where it is about an accreditation. */
  acceptanceNumber: string | null;
}

/**
 * One notification as a mail of its own: its text, and the link to the case.
 * @param workbenchUrl where the staff see a case, with `{acceptanceNumber}`
 */
export function singleMail({ subject, body, acceptanceNumber }: StaffNotification, workbenchUrl: string): StaffMail {
  const link = acceptanceNumber && fill(workbenchUrl, { acceptanceNumber });
  return { subject, body: link ? `${body}\n${link}` : body };
}

/**
 * Several notifications as one mail, in their order: each with its subject, its text and the link to its case.
 * @param name of who reads it
 * @param workbenchUrl as for `singleMail`
 */
export function briefingMail(
  { notifying }: Policy,
  name: string,
  notifications: StaffNotification[],
  workbenchUrl: string,
): StaffMail {
  const { subject, opening } = notifying.briefing;
  const values = { count: notifications.length, name };
  const items = notifications.map((notification, index) => {
    return `${index + 1}. ${notification.subject}\n${singleMail(notification, workbenchUrl).body}`;
  });
  return { subject: fill(subject, values), body: [fill(opening, values), ...items].join('\n\n') };
}
