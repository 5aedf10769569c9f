import { type Calendar, rollToWorkingDay } from '../calendar/working-days.ts';
import { addDays, compareInstants, shanghaiInstant } from '../dates.ts';
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
  // Whoever has had an appeal can only resubmit.
  if (state.appealed) return { ...none, ...resubmission };
  const appeal = windowOf(clocks.appeal, opened, 'remindAppeal', 'close');
  const [resubmissionReminders = [], appealReminders = []] = [resubmission, appeal].map(({ milestones }) =>
    milestones.filter(({ purpose }) => purpose !== 'close'),
  );
  const closings = [resubmission, appeal].flatMap(({ milestones }) =>
    milestones.filter(({ purpose }) => purpose === 'close'),
  );
  const close = closings.sort((a, b) => compareInstants(a.at, b.at)).at(-1) as Milestone;
  return {
    endsOn: resubmission.endsOn,
    appealUntil: appeal.endsOn,
    milestones: [...resubmissionReminders, ...appealReminders, close],
  };
}

interface Opening {
  on: string;
  channel: Channel;
  clocks: Clocks;
  calendar: Calendar;
}

/**
 * A window of so many days: its reminders, and what happens when it ends. Online it ends at 24:00 of its last day, at
 * the counter at closing time (民法典第 203 条). A last day on a rest day moves to the next working day.
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
