import { type Deadline, dayWithLeft, deadline, type Ledger, type Pause } from '../calendar/deadline.ts';
import { addWorkingDays, type Calendar, rollToWorkingDay } from '../calendar/working-days.ts';
import { addDays, minutesAfter, shanghaiInstant } from '../dates.ts';
import type { Channel, Status } from '../vocabulary.ts';
import { isFirstRequest } from './one-time-notice.ts';
import { type ApplicationState, awaitsEligibility } from './state.ts';

/** A window in which the applicant may act: calendar days, and reminders so many days before its last day. */
export interface Window {
  days: number;
  reminders: number[];
}

/** One rung of the ladder: so many working days after the due date, who is told. */
export interface Rung {
  afterWorkingDays: number;
  notify: 'supervisor' | 'director';
}

/** The clocks of a city's policy. Times are `HH:MM` in Asia/Shanghai. */
export interface Clocks {
  workingDays: number;
  /** When the due date's day, and a window at the counter, ends. */
  closesAt: string;
  remindsAt: string;
  /** Minutes after the submission when the applicant is told that the insurance core hasn't answered yet. */
  eligibilityNoticeMinutes: number;
  /** Working days left at which the reviewer is reminded. */
  reviewerReminders: number[];
  ladder: Rung[];
  /**
   * 一次性告知: whether the rule is kept; the working days in which the first request has to come, and the one after which the reviewer is reminded
   * that none has.
   */
  oneTimeNotice: { enabled: boolean; workingDays: number; remindAfter: number };
  /** Whether the clock stands still while the applicant owes materials (policy; the guide doesn't say). */
  supplementStopsClock: boolean;
  supplement: Window;
  /** Whether it stands still while the office waits for the applicant to come with the originals (线下核验). */
  verificationStopsClock: boolean;
  verification: Window;
  resubmission: Window;
  appeal: Window;
}

export type Purpose =
  | 'tellDelay'
  | 'remindNotice'
  | 'remindReviewer'
  | 'escalate'
  | 'remindSupplement'
  | 'lapse'
  | 'remindVerification'
  | 'missVerification'
  | 'remindResubmission'
  | 'remindAppeal'
  | 'close';

/** Something that is to happen by itself at an instant, unless the case moves first. */
export interface Milestone {
  at: string;
  purpose: Purpose;
  /** Fires once a round under this key, wherever its date moves. */
  key: string;
  /** Working days left (remindReviewer) or gone by (remindNotice), rung (escalate) or days left (the applicant's reminders). */
  value: number;
}

/** What the calendar and the policy make of a case's state. */
export interface Schedule {
  /** Shanghai date; null while the clock stands still. */
  dueOn: string | null;
  /** The instant at which the office closes on that day. */
  dueAt: string | null;
  provisional: boolean;
  /** Working days left while the clock stands still. */
  workingDaysLeft: number | null;
  /** Last day (Shanghai) of the applicant's present window; after a rejection, of that for a resubmission. */
  windowEndsOn: string | null;
  /** Last day (Shanghai) for an appeal. */
  appealUntil: string | null;
  /** Not fired yet, earliest first; some may have passed already. */
  milestones: Milestone[];
}

/** Of a case of which nothing was worked out yet. */
export const nothingAhead: Schedule = {
  dueOn: null,
  dueAt: null,
  provisional: false,
  workingDaysLeft: null,
  windowEndsOn: null,
  appealUntil: null,
  milestones: [],
};

/** The due date and everything that lies ahead of a case. Pure: the bulk recomputation uses it too. */
export function schedule(state: ApplicationState, channel: Channel, clocks: Clocks, calendar: Calendar): Schedule {
  const due = deadline(countedLedger(state, clocks), calendar);
  const windows = applicantWindows(state, channel, clocks, calendar);
  const ahead = [
    ...delayMilestones(state, clocks),
    ...reviewMilestones(state, due, clocks, calendar),
    ...windows.milestones,
  ];
  return {
    dueOn: due.dueOn,
    dueAt: due.dueOn && shanghaiInstant(due.dueOn, clocks.closesAt),
    provisional: due.provisional,
    workingDaysLeft: due.dueOn === null ? due.left : null,
    windowEndsOn: windows.endsOn,
    appealUntil: windows.appealUntil,
    milestones: ahead
      .filter((milestone) => !state.fired.includes(milestone.key))
      .sort((a, b) => compare(a.at, b.at) || a.value - b.value),
  };
}

/** Whether nothing has moved from one to the other. */
export function isSameSchedule(one: Schedule, other: Schedule): boolean {
  return (
    one.dueOn === other.dueOn &&
    one.provisional === other.provisional &&
    one.workingDaysLeft === other.workingDaysLeft &&
    one.windowEndsOn === other.windowEndsOn &&
    one.appealUntil === other.appealUntil &&
    one.milestones.length === other.milestones.length &&
    one.milestones.every(
      ({ at, key }, index) => at === other.milestones[index]?.at && key === other.milestones[index]?.key,
    )
  );
}

/** The ledger as the policy counts it: without the pauses that don't stop the clock. */
export function countedLedger({ ledger }: ApplicationState, clocks: Clocks): Ledger {
  const stops = (pause: Pause) =>
    pause.for === 'verification' ? clocks.verificationStopsClock : clocks.supplementStopsClock;
  return { ...ledger, pauses: ledger.pauses.filter(stops) };
}

/**
 * 一次性告知: a first request later than the policy's working days after the acceptance is a breach; days on which the clock stood still don't count.
 * @param requestedOn Shanghai date
 */
export function isLateFirstRequest(
  state: ApplicationState,
  requestedOn: string,
  clocks: Clocks,
  calendar: Calendar,
): boolean {
  const { enabled, workingDays } = clocks.oneTimeNotice;
  const last = deadline({ ...countedLedger(state, clocks), workingDays }, calendar).dueOn;
  return enabled && last !== null && requestedOn > last;
}

/** While the insurance core doesn't answer, the application stays submitted, and the applicant is told so once. */
function delayMilestones(state: ApplicationState, { eligibilityNoticeMinutes }: Clocks): Milestone[] {
  if (!awaitsEligibility(state)) return [];
  return [milestone('tellDelay', 0, minutesAfter(state.submittedAt, eligibilityNoticeMinutes))];
}

const inReview: readonly Status[] = ['underReview', 'awaitingMaterials', 'awaitingVerification'];

function reviewMilestones(state: ApplicationState, due: Deadline, clocks: Clocks, calendar: Calendar): Milestone[] {
  const { dueOn } = due;
  if (dueOn === null || !(inReview.includes(state.status) || awaitsEligibility(state))) return [];
  const rungs = clocks.ladder.map((rung, index): Milestone => {
    const day = addWorkingDays(calendar, dueOn, rung.afterWorkingDays);
    return milestone('escalate', index + 1, shanghaiInstant(day, clocks.closesAt));
  });
  if (state.status !== 'underReview') return rungs;
  const { workingDays } = state.ledger;
  const { enabled, remindAfter } = clocks.oneTimeNotice;
  const reminder = (purpose: Purpose, value: number, left: number) => {
    const day = dayWithLeft(due, workingDays, left);
    return day === null ? [] : [milestone(purpose, value, shanghaiInstant(day, clocks.remindsAt))];
  };
  return [
    ...(enabled && isFirstRequest(state) ? reminder('remindNotice', remindAfter, workingDays - remindAfter) : []),
    ...clocks.reviewerReminders.flatMap((left) => reminder('remindReviewer', left, left)),
    ...rungs,
  ];
}

interface OpenWindows {
  endsOn: string | null;
  appealUntil: string | null;
  milestones: Milestone[];
}

/** What the applicant may do now, until when; nothing where no window is open. */
function applicantWindows(state: ApplicationState, channel: Channel, clocks: Clocks, calendar: Calendar): OpenWindows {
  const none = { endsOn: null, appealUntil: null, milestones: [] };
  if (state.windowOpenedOn === null || state.closed) return none;
  const opened = { on: state.windowOpenedOn, channel, clocks, calendar };
  if (state.status === 'awaitingMaterials') {
    return { ...none, ...windowOf(clocks.supplement, opened, 'remindSupplement', 'lapse', `:${state.supplements}`) };
  }
  if (state.status === 'awaitingVerification') {
    const request = `:${state.ledger.pauses.length}`;
    return { ...none, ...windowOf(clocks.verification, opened, 'remindVerification', 'missVerification', request) };
  }
  const resubmission = windowOf(clocks.resubmission, opened, 'remindResubmission', 'close');
  // Those that have had their appeal can only be resubmitted.
  if (state.appealed) return { ...none, ...resubmission };
  const appeal = windowOf(clocks.appeal, opened, 'remindAppeal', 'close');
  const [reminders, other] = [resubmission, appeal].map(({ milestones }) =>
    milestones.filter(({ purpose }) => purpose !== 'close'),
  );
  const closings = [resubmission, appeal].flatMap(({ milestones }) =>
    milestones.filter(({ purpose }) => purpose === 'close'),
  );
  const close = closings.sort((a, b) => compare(a.at, b.at)).at(-1) as Milestone;
  return {
    endsOn: resubmission.endsOn,
    appealUntil: appeal.endsOn,
    milestones: [...(reminders ?? []), ...(other ?? []), close],
  };
}

interface Opening {
  on: string;
  channel: Channel;
  clocks: Clocks;
  calendar: Calendar;
}

/**
 * A window of so many days: its reminders, and what happens when it ends. Online it ends at 24:00 of its last day, at the counter at
 * closing time (民法典第 203 条); a last day on a rest day rolls to the next working day.
 */
function windowOf(
  window: Window,
  { on, channel, clocks, calendar }: Opening,
  remind: Purpose,
  end: Purpose,
  request = '',
) {
  const endsOn = rollToWorkingDay(calendar, addDays(on, window.days));
  const milestones = window.reminders
    .filter((left) => left < window.days)
    .map((left) => milestone(remind, left, shanghaiInstant(addDays(endsOn, -left), clocks.remindsAt), request));
  // An appointment at the counter ends when the counter closes, whatever the application came through.
  const atCounter = channel === 'window' || end === 'missVerification';
  const endsAt = shanghaiInstant(endsOn, atCounter ? clocks.closesAt : '24:00');
  return { endsOn, milestones: [...milestones, milestone(end, 0, endsAt, request)] };
}

/** Instants are all of one form, so that comparing them as texts in some language would only cost time. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function milestone(purpose: Purpose, value: number, at: string, request = ''): Milestone {
  return { at, purpose, key: `${purpose}:${value}${request}`, value };
}

/** What a milestone makes pointless when both have passed: a case that wakes up late is told the latest thing only. */
const supersedes: Record<Purpose, Purpose[]> = {
  tellDelay: [],
  remindNotice: [],
  remindReviewer: ['remindReviewer', 'remindNotice'],
  remindSupplement: ['remindSupplement'],
  remindResubmission: ['remindResubmission'],
  escalate: ['remindReviewer', 'remindNotice'],
  lapse: ['remindSupplement', 'escalate'],
  remindVerification: ['remindVerification'],
  missVerification: ['remindVerification'],
  remindAppeal: ['remindAppeal'],
  close: ['remindResubmission', 'remindAppeal'],
};

/**
 * The milestone to act on at `now`: the earliest that has passed and that no other passed one makes pointless.
 * @returns it, and the keys of all that are done with it; null when nothing has passed
 */
export function nextDue(milestones: Milestone[], now: string): { milestone: Milestone; keys: string[] } | null {
  const passed = milestones.filter(({ at }) => at <= now);
  const pointless = (one: Milestone, index: number) =>
    passed.some(
      (other, at) => supersedes[other.purpose].includes(one.purpose) && (other.purpose !== one.purpose || at > index),
    );
  const acting = passed.find((one, index) => !pointless(one, index));
  if (!acting) return null;
  const done = passed.filter((one) => one === acting || supersedes[acting.purpose].includes(one.purpose));
  return { milestone: acting, keys: done.map(({ key }) => key) };
}
