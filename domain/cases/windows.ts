import { type Calendar, rollToWorkingDay } from '../calendar/working-days.ts';
import { addDays, compareInstants, minutesAfter, shanghaiInstant } from '../dates.ts';
import type { Channel } from '../vocabulary.ts';
import type { Clocks, Window } from './clocks.ts';
import { type Milestone, milestone, type Purpose } from './milestones.ts';
import type { ApplicationState } from './state.ts';

interface OpenWindows {
  endsOn: string | null;
  appealUntil: string | null;
  milestones: Milestone[];
}

/** What the applicant may do now, until when; nothing where no window is open. */
export function applicantWindows(
  state: ApplicationState,
  channel: Channel,
  clocks: Clocks,
  calendar: Calendar,
): OpenWindows {
  if (state.windowOpenedOn === null || state.closed) return { endsOn: null, appealUntil: null, milestones: [] };
  const opened = { on: state.windowOpenedOn, channel, clocks, calendar };
  if (state.status === 'awaitingMaterials') {
    return alone(windowOf(clocks.supplement, opened, 'remindSupplement', 'lapse', `:${state.supplements}`));
  }
  if (state.status === 'awaitingVerification') {
    const request = `:${state.ledger.pauses.length}`;
    return alone(windowOf(clocks.verification, opened, 'remindVerification', 'missVerification', request));
  }
  const resubmission = windowOf(clocks.resubmission, opened, 'remindResubmission', 'close');
  // Whoever has had an appeal can only resubmit.
  if (state.appealed) return alone(resubmission);
  const appeal = windowOf(clocks.appeal, opened, 'remindAppeal', 'close');
  const last = compareInstants(resubmission.end.at, appeal.end.at) > 0 ? resubmission.end : appeal.end;
  return {
    endsOn: resubmission.endsOn,
    appealUntil: appeal.endsOn,
    milestones: [...resubmission.reminders, ...appeal.reminders, last],
  };
}

function alone({ endsOn, reminders, end }: ReturnType<typeof windowOf>): OpenWindows {
  return { endsOn, appealUntil: null, milestones: [...reminders, end] };
}

interface Opening {
  on: string;
  channel: Channel;
  clocks: Clocks;
  calendar: Calendar;
}

/**
 * A window of so many days: its reminders, and what happens when it ends. Online it ends at 24:00 of its last day, at
 * the counter at closing time (民法典第 203 条), once those are served who took a ticket before. A last day on a rest day moves to the next working day.
 */
function windowOf(
  window: Window,
  { on, channel, clocks, calendar }: Opening,
  remind: Purpose,
  ends: Purpose,
  request = '',
) {
  const endsOn = rollToWorkingDay(calendar, addDays(on, window.days));
  const reminders = window.reminders
    .filter((left) => left < window.days)
    .map((left) => milestone(remind, left, shanghaiInstant(addDays(endsOn, -left), clocks.remindsAt), request));
  // An appointment at the counter ends when the counter closes, whatever the application came through.
  const atCounter = channel === 'window' || ends === 'missVerification';
  const endsAt = atCounter
    ? minutesAfter(shanghaiInstant(endsOn, clocks.closesAt), clocks.ticketMinutes)
    : shanghaiInstant(endsOn, '24:00');
  return { endsOn, reminders, end: milestone(ends, 0, endsAt, request) };
}
