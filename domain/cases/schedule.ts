import { type Deadline, dayWithLeft, deadline } from '../calendar/deadline.ts';
import { addWorkingDays, type Calendar } from '../calendar/working-days.ts';
import { compareInstants, minutesAfter, shanghaiInstant } from '../dates.ts';
import type { Channel } from '../vocabulary.ts';
import { awaitsEligibility } from './awaiting.ts';
import { type Clocks, countedLedger } from './clocks.ts';
import { type Milestone, milestone, type Purpose } from './milestones.ts';
import { isFirstRequest } from './one-time-notice.ts';
import type { ApplicationState } from './state.ts';
import { transitions } from './transitions.ts';
import { applicantWindows } from './windows.ts';

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

/** The schedule of a case before anything was worked out. */
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
      .sort((a, b) => compareInstants(a.at, b.at) || a.value - b.value),
  };
}

/** Whether nothing has moved. */
export function isSameSchedule(before: Schedule, after: Schedule): boolean {
  return (
    before.dueOn === after.dueOn &&
    before.provisional === after.provisional &&
    before.workingDaysLeft === after.workingDaysLeft &&
    before.windowEndsOn === after.windowEndsOn &&
    before.appealUntil === after.appealUntil &&
    before.milestones.length === after.milestones.length &&
    before.milestones.every(
      ({ at, key }, index) => at === after.milestones[index]?.at && key === after.milestones[index]?.key,
    )
  );
}

/** While the insurance core doesn't answer, the application stays submitted, and the applicant is told so once. */
function delayMilestones(state: ApplicationState, { eligibilityNoticeMinutes }: Clocks): Milestone[] {
  if (!awaitsEligibility(state)) return [];
  return [milestone('tellDelay', 0, minutesAfter(state.submittedAt, eligibilityNoticeMinutes))];
}

function reviewMilestones(state: ApplicationState, due: Deadline, clocks: Clocks, calendar: Calendar): Milestone[] {
  const { dueOn } = due;
  if (dueOn === null || transitions.escalate[state.status] === undefined) return [];
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
