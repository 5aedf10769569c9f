import type { Schedule } from '../domain/milestones.ts';
import type { Change } from '../domain/timeline.ts';
import type { Notification, Policy, StaffRole } from './schema.ts';
import { caseValues, chineseDate, fill, surnameOf, type TextValues } from './texts.ts';

export interface MessageDraft {
  channel: 'sms' | 'email' | 'app';
  /** `applicant`, or a staff id. */
  recipient: string;
  subject?: string;
  body: string;
}

export interface NotifiedCase {
  acceptanceNumber: string;
  applicantName: string;
  change: Change;
  schedule: Schedule;
  staff: { id: string; roles: string[] }[];
}

/** The texts that a change sends: to whom, over which channel, in the policy's words. */
export function messagesFor(policy: Policy, notified: NotifiedCase): MessageDraft[] {
  const { change } = notified;
  const values = textValues(policy, notified);
  const all = policy.notifications
    .filter(({ on }) => on === change.entry.kind)
    .flatMap((notification) =>
      recipients(policy, notification, notified).flatMap((recipient) => drafts(notification, recipient, values)),
    );
  // Somebody who is told in two capacities (as assignee and as supervisor) is told once over each channel.
  const keyOf = ({ recipient, channel }: MessageDraft) => `${recipient} ${channel}`;
  return [...new Map(all.toReversed().map((draft) => [keyOf(draft), draft])).values()].toReversed();
}

function textValues(policy: Policy, { acceptanceNumber, applicantName, change, schedule }: NotifiedCase): TextValues {
  const { detail } = change.entry;
  return {
    ...caseValues(policy, acceptanceNumber, change.state.requestedKinds),
    surname: surnameOf(applicantName),
    dueOn: chineseDate(schedule.dueOn),
    windowEndsOn: chineseDate(schedule.windowEndsOn),
    left: String(detail.left ?? ''),
    level: String(detail.level ?? ''),
    reason: detail.reason ?? '',
  };
}

function recipients(policy: Policy, { to }: Notification, { change, staff }: NotifiedCase): string[] {
  const withRole = (role: StaffRole) => staff.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);
  if (to === 'applicant') return ['applicant'];
  if (to === 'assignee') {
    const assignee = staff.find(({ id }) => id === change.state.assignee);
    return assignee ? [assignee.id] : withRole('supervisor');
  }
  const rung = policy.clocks.ladder[change.state.escalationLevel - 1];
  return rung ? withRole(rung.notify) : [];
}

function drafts({ sms, app, email }: Notification, recipient: string, values: TextValues): MessageDraft[] {
  return [
    ...(sms ? [{ channel: 'sms' as const, recipient, body: fill(sms, values) }] : []),
    ...(app ? [{ channel: 'app' as const, recipient, body: fill(app, values) }] : []),
    ...(email
      ? [{ channel: 'email' as const, recipient, subject: fill(email.subject, values), body: fill(email.text, values) }]
      : []),
  ];
}
