import { dayNumber } from '../dates.ts';
import { type Calendar, type DayRule, type DayStatus, daysOf } from './working-days.ts';

/** The clock stood still after `from`, up to and including `to`; `to` null means it still does. */
export interface Pause {
  from: string;
  to: string | null;
  /** What the office waits for; a supplement, where it isn't said. */
  for?: 'verification';
}

/** What the due date is computed from: never an instant, so that a changed calendar can be applied at any time. */
export interface Ledger {
  /** Shanghai date of the submission that this round answers. */
  acceptedOn: string;
  workingDays: number;
  pauses: Pause[];
}

export interface ExplainedDay {
  date: string;
  counted: boolean;
  rule: DayRule | 'dayOfAcceptance' | 'clockStopped';
  name?: string;
  circular?: string;
  /** The pause that this day falls into, for `clockStopped`. */
  pause?: Pause;
}

export interface Deadline {
  /** The last counted day; null while the clock stands still before it was reached. */
  dueOn: string | null;
  /** A day that the date rests on belongs to a year whose arrangement is only estimated. */
  provisional: boolean;
  /** Working days not used yet when the clock stopped, or on the due date. */
  left: number;
  /** The days that counted, first to last. */
  countedOn: string[];
}

export interface ExplainedDeadline extends Deadline {
  /** Every day from acceptance to `dueOn` (to the beginning of the stop, while it is null). */
  days: ExplainedDay[];
}

/**
 * The due date of a ledger. The day of acceptance is not counted (民法典第 201 条). A day d counts if it is worked, d >
 * acceptedOn, and no pause has from < d ≤ to. A pause that begins after the due date changes nothing.
 */
export function deadline(ledger: Ledger, calendar: Calendar): Deadline {
  return walk(ledger, calendar);
}

/** The same with every day of the way, and why it counts or doesn't. */
export function explainDeadline(ledger: Ledger, calendar: Calendar): ExplainedDeadline {
  const days: ExplainedDay[] = [{ date: ledger.acceptedOn, counted: false, rule: 'dayOfAcceptance' }];
  const due = walk(ledger, calendar, ({ date, working, rule, name, circular }, pause) => {
    const why = { ...(name ? { name } : {}), ...(circular ? { circular } : {}) };
    if (pause && working) days.push({ date, counted: false, rule: 'clockStopped', pause });
    else days.push({ date, counted: working, rule, ...why });
  });
  return { ...due, days };
}

/** @param visit hears of each day after the acceptance, with the pause that it falls into */
function walk(
  { acceptedOn, workingDays, pauses }: Ledger,
  calendar: Calendar,
  visit?: (day: DayStatus, pause: Pause | undefined) => void,
): Deadline {
  const statusOf = daysOf(calendar);
  const stops = pauses.map((pause) => {
    return {
      pause,
      from: dayNumber(pause.from),
      to: pause.to === null ? Number.POSITIVE_INFINITY : dayNumber(pause.to),
    };
  });
  const countedOn: string[] = [];
  let provisional = false;
  const due = (dueOn: string | null) => ({ dueOn, provisional, left: workingDays - countedOn.length, countedOn });
  for (let day = dayNumber(acceptedOn) + 1; countedOn.length < workingDays; day += 1) {
    const pause = stops.find(({ from, to }) => from < day && day <= to)?.pause;
    if (pause?.to === null) return due(null);
    const status = statusOf(day);
    visit?.(status, pause);
    if (pause && status.working) continue;
    provisional ||= status.provisional;
    if (status.working) countedOn.push(status.date);
  }
  return due(countedOn.at(-1) ?? acceptedOn);
}

/** The day on which `left` counted days remain after it, or null when the clock stands still before that. */
export function dayWithLeft({ countedOn }: Deadline, workingDays: number, left: number): string | null {
  return countedOn[workingDays - left - 1] ?? null;
}
