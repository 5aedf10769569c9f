import { type NotifiedEvent, notifiedAccreditationEvents } from '../../domain/notifications/events.ts';
import type { TextParameter } from '../notifications/schema.ts';
import type { Notification, Policy } from '../schema.ts';
import { type Contradiction, refuse } from './contradiction.ts';

/** What every text can say. */
const always: TextParameter[] = ['surname', 'tail', 'hotline', 'place', 'hours', 'bring', 'noticeDays'];
const period: TextParameter[] = ['validFrom', 'validUntil'];

/** What the texts of an event can say in addition, whichever case they are about. */
const values: Record<NotifiedEvent, TextParameter[]> = {
  eligibilityDelayed: ['dueOn'],
  refused: ['refusals', 'remedies'],
  accepted: ['dueOn'],
  materialsRequested: ['items', 'someItems', 'windowEndsOn'],
  requestReplaced: ['items', 'someItems', 'windowEndsOn'],
  supplementReminded: ['items', 'someItems', 'windowEndsOn', 'left'],
  verificationRequested: ['windowEndsOn'],
  verificationReminded: ['windowEndsOn', 'left'],
  verificationRecorded: ['dueOn'],
  verificationFailed: ['dueOn'],
  verificationMissed: ['dueOn'],
  resubmitted: ['dueOn'],
  noticeReminded: ['dueOn', 'left'],
  firstApproved: ['dueOn'],
  lapsed: [],
  approved: [],
  rejected: ['windowEndsOn', 'appealUntil', 'reason', 'remedies'],
  rejectedWithoutAppeal: ['windowEndsOn', 'reason', 'remedies'],
  resubmissionReminded: ['windowEndsOn', 'left'],
  appealReminded: ['windowEndsOn', 'appealUntil', 'left'],
  appealed: ['dueOn', 'reason'],
  withdrawn: [],
  reviewerReminded: ['dueOn', 'left'],
  escalated: ['dueOn', 'level', 'assignee'],
  registrationRefused: ['dueOn', 'reason'],
  dueDateMoved: ['dueOn', 'previousDueOn'],
  windowMoved: ['windowEndsOn', 'previousWindowEndsOn'],
  renewalReminded: [...period, 'left'],
  renewalExtended: period,
  renewed: period,
  institutionChanged: period,
  accreditationEnded: period,
  accreditationRevoked: [...period, 'reason', 'remedies'],
};

/** The events while what was asked for is awaited. */
const ofSupplement: NotifiedEvent[] = ['materialsRequested', 'requestReplaced', 'supplementReminded'];
const ofVerification: NotifiedEvent[] = ['verificationRequested', 'verificationReminded'];

/** What a text of this event may say in a city with these clocks: there is a due date only while the clock runs. */
export function parametersOf(event: NotifiedEvent, clocks: Policy['clocks']): TextParameter[] {
  const runsOn =
    (!clocks.supplementStopsClock && ofSupplement.includes(event)) ||
    (!clocks.verificationStopsClock && ofVerification.includes(event));
  return [...always, ...values[event], ...(runsOn ? ['dueOn' as const] : [])];
}

/** Where the texts contradict the rules, or where a text that somebody needs is missing. */
export function textContradictions(policy: Policy): Contradiction[] {
  return [
    ...policy.notifications.flatMap((notification, index) => [
      ...emptyParameters(policy, notification, index),
      ...clockStandsStill(policy, notification, index),
      ...unreachable(notification, index),
      ...twice(policy, notification, index),
      ...unsendable(notification, index),
    ]),
    ...untold(policy),
    ...spelledOut(policy),
  ];
}

/** The texts of a notification, and where they stand in it. */
export function textsOf({ sms, app, email }: Notification): [path: PropertyKey[], text: string][] {
  const texts: [PropertyKey[], string | undefined][] = [
    [['sms'], sms],
    [['app'], app],
    [['email', 'subject'], email?.subject],
    [['email', 'text'], email?.text],
  ];
  return texts.filter((entry): entry is [PropertyKey[], string] => entry[1] !== undefined);
}

function emptyParameters({ clocks }: Policy, notification: Notification, index: number): Contradiction[] {
  const filled = parametersOf(notification.on, clocks);
  return textsOf(notification).flatMap(([path, text]) =>
    [...text.matchAll(/\{(\w+)\}/g)]
      .map(([, name]) => name as TextParameter)
      .flatMap((name) =>
        refuse(
          !filled.includes(name),
          ['notifications', index, ...path],
          `{${name}} has no value in ${notification.on}; there are ${filled.join(', ')}`,
        ),
      ),
  );
}

/** The event by which the clock stops, and the switch that says whether it does. */
const stops = {
  materialsRequested: 'supplementStopsClock',
  requestReplaced: 'supplementStopsClock',
  verificationRequested: 'verificationStopsClock',
} as const;

function clockStandsStill({ clocks }: Policy, notification: Notification, index: number): Contradiction[] {
  const { on } = notification;
  if (!(on in stops)) return [];
  const key = stops[on as keyof typeof stops];
  return textsOf(notification).flatMap(([path, text]) =>
    refuse(!clocks[key] && text.includes('暂停计算'), ['notifications', index, ...path], `clocks.${key} is false`),
  );
}

/**
 * A briefing goes to whoever is in charge when it is sent, whomever its notifications were addressed to (`readerOf`).
 * So it is no way to reach a superior.
 */
function unreachable({ on, to, leaves }: Notification, index: number): Contradiction[] {
  const ofAccreditation = notifiedAccreditationEvents.some((event) => event === on);
  const nobody = (to === 'escalation' && on !== 'escalated') || (to !== 'applicant' && ofAccreditation);
  const path = ['notifications', index];
  return [
    ...refuse(nobody, [...path, 'to'], `nobody is ${to} in ${on}`),
    ...refuse(
      !nobody && to === 'escalation' && leaves === 'briefing',
      [...path, 'leaves'],
      'only what is for who is in charge waits for the briefing',
    ),
  ];
}

function twice({ notifications }: Policy, { on, to, ...channels }: Notification, index: number): Contradiction[] {
  const earlier = notifications.slice(0, index).filter((other) => other.on === on && other.to === to);
  return (['sms', 'app', 'email'] as const).flatMap((channel) =>
    refuse(
      channels[channel] !== undefined && earlier.some((other) => other[channel] !== undefined),
      ['notifications', index, channel],
      `${on} is told to ${to} by ${channel} above already`,
    ),
  );
}

/**
 * Only e-mails wait for a briefing, and an e-mail waits for nothing else. A 短信 that may be collected says whom and what
 * it is about.
 */
function unsendable({ sms, email, leaves }: Notification, index: number): Contradiction[] {
  const says = (name: string) => sms?.includes(`{${name}}`);
  const path = ['notifications', index];
  return [
    ...refuse(sms !== undefined && leaves === 'briefing', [...path, 'leaves'], 'only e-mails wait for the briefing'),
    ...refuse(
      email !== undefined && (leaves === 'sendingHours' || leaves === 'collected'),
      path,
      'an e-mail leaves anyTime, or in the briefing',
    ),
    ...refuse(
      sms !== undefined && leaves === 'collected' && !(says('surname') && says('tail')),
      [...path, 'sms'],
      'must say {surname} and {tail}: it may be told together with others',
    ),
  ];
}

/** What the applicant has to hear of: how the case goes on, what to do, and dates that have changed. */
const outcomes: NotifiedEvent[] = [
  'eligibilityDelayed',
  'refused',
  'accepted',
  'materialsRequested',
  'requestReplaced',
  'verificationRequested',
  'lapsed',
  'approved',
  'rejected',
  'dueDateMoved',
  'windowMoved',
  'renewed',
  'institutionChanged',
  'accreditationEnded',
  'accreditationRevoked',
];

/** Every outcome, and every reminder that the clocks provide for, has a text for the applicant or for the staff. */
function untold({ clocks, accreditation, notifications }: Policy): Contradiction[] {
  const reminders: [NotifiedEvent, 'applicant' | 'staff', { length: number }][] = [
    ['supplementReminded', 'applicant', clocks.supplement.reminders],
    ['verificationReminded', 'applicant', clocks.verification.reminders],
    ['resubmissionReminded', 'applicant', clocks.resubmission.reminders],
    ['appealReminded', 'applicant', clocks.appeal.reminders],
    ['renewalReminded', 'applicant', accreditation.reminders],
    ['reviewerReminded', 'staff', clocks.reviewerReminders],
    ['noticeReminded', 'staff', { length: clocks.oneTimeNotice.enabled ? 1 : 0 }],
    ['escalated', 'staff', clocks.ladder],
  ];
  const due = reminders.filter(([, , { length }]) => length > 0);
  const hasText = (on: NotifiedEvent, to: 'applicant' | 'staff') =>
    notifications.some((text) => text.on === on && (text.to === 'applicant') === (to === 'applicant'));
  return [...outcomes.map((on) => [on, 'applicant'] as const), ...due].flatMap(([on, to]) =>
    refuse(!hasText(on, to), ['notifications'], `there is no text for the ${to} about ${on}`),
  );
}

/** A number of days that is written out would stay as it is when the rule changes. */
function spelledOut({ refusals }: Policy): Contradiction[] {
  return (['renewalTooEarly', 'renewalTooLate'] as const).flatMap((refused) =>
    (['reason', 'remedy'] as const).flatMap((part) =>
      refuse(
        /\d+\s*天/.test(refusals[refused][part]),
        ['refusals', refused, part],
        'spells days out: write {opensDaysBefore} or {closesDaysAfter}',
      ),
    ),
  );
}
