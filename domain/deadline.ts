import { type Calendar, type DayRule, dayStatus } from './calendar.ts';
import { addDays } from './dates.ts';

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
  notice?: string;
  /** The pause that this day falls into, for `clockStopped`. */
  pause?: Pause;
}

export interface Deadline {
  /** The last counted day; null while the clock stands still before it was reached. */
  dueOn: string | null;
  /** A day that the date rests on belongs to a year whose arrangement is only estimated. */
  provisional: boolean;
  /** Working days not used yet on the last explained day. */
  left: number;
  /** Every day from acceptance to `dueOn` (to the beginning of the stop, while it is null). */
  days: ExplainedDay[];
}

/**
 * The due date of a ledger, day by day. The day of acceptance is not counted (民法典第 201 条); day d counts iff it is
 * worked, d > acceptedOn, and no pause has from < d ≤ to. A pause that begins after the due date changes nothing.
 */
export function deadline(ledger: Ledger, calendar: Calendar): Deadline {
  const days: ExplainedDay[] = [{ date: ledger.acceptedOn, counted: false, rule: 'dayOfAcceptance' }];
  let left = ledger.workingDays;
  let provisional = false;
  for (let date = addDays(ledger.acceptedOn, 1); left > 0; date = addDays(date, 1)) {
    const pause = ledger.pauses.find(({ from, to }) => from < date && (to === null || date <= to));
    if (pause && pause.to === null) return { dueOn: null, provisional, left, days };
    const { working, rule, name, notice, provisional: estimated } = dayStatus(calendar, date);
    const why = { ...(name ? { name } : {}), ...(notice ? { notice } : {}) };
    if (pause && working) {
      days.push({ date, counted: false, rule: 'clockStopped', pause });
    } else {
      days.push({ date, counted: working, rule, ...why });
      provisional ||= estimated;
      if (working) left -= 1;
    }
  }
  return { dueOn: days.at(-1)?.date ?? ledger.acceptedOn, provisional, left, days };
}

/** The day on which `left` counted days remain after it, or null when the clock stands still before that. */
export function dayWithLeft(explained: Deadline, workingDays: number, left: number): string | null {
  const counted = explained.days.filter((day) => day.counted);
  return counted[workingDays - left - 1]?.date ?? null;
}
