import type { AccreditationChange, AccreditationEntryKind } from '../../domain/accreditations/timeline.ts';
import type { Schedule } from '../../domain/cases/schedule.ts';
import type { Change, EntryDetail } from '../../domain/cases/timeline.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import type { NotificationDraft } from '../../domain/notifications/drafts.ts';
import type { NotifiedAccreditationEvent } from '../../domain/notifications/events.ts';
import { isReviewer } from '../../domain/staff/roles.ts';
import { type Remedy, remediesOf } from '../cases/remedies.ts';
import type { Notification, Policy, StaffRole } from '../schema.ts';
import {
  caseValues,
  chineseDate,
  fill,
  groundsOf,
  parametersIn,
  refusalText,
  surnameOf,
  type TextValues,
} from '../texts.ts';

export interface NotifiedCase {
  acceptanceNumber: string;
  applicantName: string;
  change: Change;
  schedule: Schedule;
  /** Who works here now. */
  staff: { id: string; name: string; roles: string[] }[];
}

/** The texts that a change sends: to whom, over which channel, in the policy's words. */
export function notificationsFor(policy: Policy, notified: NotifiedCase): NotificationDraft[] {
  const values = { ...textValues(policy, notified), assignee: inCharge(notified) };
  const events = eventsOf(notified);
  const worded = policy.notifications
    .filter(({ on }) => events.includes(on))
    .flatMap((notification) =>
      recipients(policy, notification, notified).flatMap((recipient) => drafts(notification, recipient, values)),
    );
  // Somebody who would be told in two capacities (as assignee and as supervisor) is told once over each channel.
  const keyOf = ({ purpose, recipient, channel }: NotificationDraft) => `${purpose} ${recipient} ${channel}`;
  return [...new Map(worded.toReversed().map((draft) => [keyOf(draft), draft])).values()].toReversed();
}

/** Who is in charge, by their name; who isn't on the list of staff any more, by their id. */
function inCharge({ change, staff }: NotifiedCase): string {
  const { assignee } = change.state;
  return staff.find(({ id }) => id === assignee)?.name ?? assignee ?? '尚无承办人';
}

/** Whether a change may be told to anybody in the office. */
export function tellsStaff(policy: Policy, change: Pick<NotifiedCase, 'change' | 'schedule'>): boolean {
  const events = eventsOf(change);
  return policy.notifications.some(({ on, to }) => to !== 'applicant' && events.includes(on));
}

/**
 * The events that a change tells of. As a rule that is the entry itself. A changed calendar is told only by the dates
 * that it moved. An approval is told only once it is registered, since the insurance core may refuse to. A rejection
 * against which no appeal is possible has words of its own.
 */
function eventsOf({ change: { entry }, schedule }: Pick<NotifiedCase, 'change' | 'schedule'>): string[] {
  const { kind, detail } = entry;
  if (kind === 'rejected' && schedule.appealUntil === null) return ['rejectedWithoutAppeal'];
  if (kind === 'verificationRecorded' && detail.passed === false) return ['verificationFailed'];
  if (kind === 'registered') return ['approved'];
  if (kind === 'approved') return [];
  if (kind !== 'calendarChanged') return [kind];
  return [...(detail.moves?.dueOn ? ['dueDateMoved'] : []), ...(detail.moves?.windowEndsOn ? ['windowMoved'] : [])];
}

/** What the texts and notices about a change may say. */
export function textValues(
  policy: Policy,
  { acceptanceNumber, applicantName, change, schedule }: Omit<NotifiedCase, 'staff'>,
): TextValues {
  const { detail } = change.entry;
  return {
    ...caseValues(policy, acceptanceNumber, change.state.requestedKinds),
    surname: surnameOf(applicantName),
    dueOn: chineseDate(schedule.dueOn),
    windowEndsOn: chineseDate(schedule.windowEndsOn),
    appealUntil: chineseDate(schedule.appealUntil),
    previousDueOn: chineseDate(detail.moves?.dueOn?.from ?? null),
    previousWindowEndsOn: chineseDate(detail.moves?.windowEndsOn?.from ?? null),
    left: detail.left,
    level: detail.level,
    reason: reasonOf(policy, detail),
    refusals: refusalsOf(policy, change).join(';'),
    remedies: sentence(remediesAfter(policy, change, schedule)),
  };
}

/** Why it was decided so: the grounds' texts, but for those that the reason says in so many words, and the reason. */
function reasonOf(policy: Policy, { grounds, reason = '' }: EntryDetail): string {
  const unsaid = groundsOf(policy, grounds).filter((text) => !reason.includes(text));
  return [...unsaid, reason.replace(/[。.;;]+$/, '')].join(';');
}

/** Why an application isn't accepted (不予受理), and what can be done about it, reason by reason. */
export function refusalsOf(policy: Policy, { entry: { detail } }: Change): string[] {
  return (detail.reasons ?? [])
    .map((refused) => refusalText(policy, refused))
    .map(({ reason, remedy }) => `${reason},${remedy}`);
}

/** The ways that remain after a change, on the day on which it happens. */
export function remediesAfter(policy: Policy, { entry, state }: Change, schedule: Schedule): Remedy[] {
  return remediesOf(policy, state.status, { ...schedule, today: shanghaiDate(entry.at) });
}

const sentence = (remedies: Remedy[]) => remedies.map(({ detail }) => detail).join(';');

function recipients(policy: Policy, { to }: Notification, { change, staff }: NotifiedCase): string[] {
  const withRole = (role: StaffRole) => staff.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);
  if (to === 'applicant') return ['applicant'];
  if (to === 'reviewer' || to === 'assignee') {
    const assignee = staff.find(({ id }) => id === change.state.assignee);
    // Whoever reviews nothing any more is about to hand it over.
    if (assignee && isReviewer(assignee)) return [assignee.id];
    return to === 'assignee' ? withRole('supervisor') : [];
  }
  return (
    escalatedTo(policy, change.state.escalationLevel)
      .map(withRole)
      .find((ids) => ids.length > 0) ?? []
  );
}

/** The roles that hear of an escalation: its rung's, and where nobody has that one, the next higher, then the lower. */
function escalatedTo({ clocks: { ladder } }: Policy, level: number): StaffRole[] {
  if (level < 1 || level > ladder.length) return [];
  return [...ladder.slice(level - 1), ...ladder.slice(0, level - 1).reverse()].map(({ notify }) => notify);
}

function drafts(notification: Notification, recipient: string, values: TextValues): NotificationDraft[] {
  const { on: purpose, sms, app, email, leaves, aliyun: templateCode } = notification;
  const to = { purpose, recipient };
  const ofSms = sms && {
    leaving: leaves,
    body: fill(sms, values),
    parameters: parametersIn(sms, values),
    templateCode,
  };
  const ofEmail = email && { leaving: leaves, subject: fill(email.subject, values), body: fill(email.text, values) };
  return [
    ...(ofSms ? [{ ...to, channel: 'sms' as const, ...ofSms }] : []),
    ...(app ? [{ ...to, channel: 'app' as const, leaving: 'anyTime' as const, body: fill(app, values) }] : []),
    ...(ofEmail ? [{ ...to, channel: 'email' as const, ...ofEmail }] : []),
  ];
}

/** What people are told of an accreditation. */
const accreditationEvents: Partial<Record<AccreditationEntryKind, NotifiedAccreditationEvent>> = {
  renewalReminded: 'renewalReminded',
  extended: 'renewalExtended',
  renewed: 'renewed',
  institutionChanged: 'institutionChanged',
  ended: 'accreditationEnded',
  revoked: 'accreditationRevoked',
};

/** The texts that a change of an accreditation sends to the person. */
export function accreditationNotifications(
  policy: Policy,
  { accreditationId, name, change }: { accreditationId: string; name: string; change: AccreditationChange },
): NotificationDraft[] {
  const { entry, state } = change;
  const values: TextValues = {
    ...caseValues(policy, accreditationId, []),
    surname: surnameOf(name),
    validFrom: chineseDate(state.validFrom),
    validUntil: state.validUntil === null ? '长期' : chineseDate(state.validUntil),
    left: entry.detail.left,
    reason: entry.detail.reason ?? '',
    remedies: sentence(remediesOf(policy, state.status)),
  };
  return policy.notifications
    .filter(({ on, to }) => on === accreditationEvents[entry.kind] && to === 'applicant')
    .flatMap((notification) => drafts(notification, 'applicant', values));
}
