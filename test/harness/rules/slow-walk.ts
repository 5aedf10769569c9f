import type { ExplainedDay, ExplainedDeadline, Ledger } from '../../../domain/calendar/deadline.ts';
import { type Calendar, dayStatus } from '../../../domain/calendar/working-days.ts';
import { addDays } from '../../../domain/dates.ts';

/**
 * The walk over days in its obvious form, which asks the calendar about each of them anew; what the domain's fast one
 * has to agree with.
 */
export function explainDeadline(ledger: Ledger, calendar: Calendar): ExplainedDeadline {
  const days: ExplainedDay[] = [{ date: ledger.acceptedOn, counted: false, rule: 'dayOfAcceptance' }];
  let left = ledger.workingDays;
  let provisional = false;
  const due = (dueOn: string | null) => {
    const countedOn = days.filter(({ counted }) => counted).map(({ date }) => date);
    return { dueOn, provisional, left, countedOn, days };
  };
  for (let date = addDays(ledger.acceptedOn, 1); left > 0; date = addDays(date, 1)) {
    const pause = ledger.pauses.find(({ from, to }) => from < date && (to === null || date <= to));
    if (pause && pause.to === null) return due(null);
    const { working, rule, name, circular, provisional: estimated } = dayStatus(calendar, date);
    const why = { ...(name ? { name } : {}), ...(circular ? { circular } : {}) };
    if (pause && working) {
      days.push({ date, counted: false, rule: 'clockStopped', pause });
    } else {
      days.push({ date, counted: working, rule, ...why });
      provisional ||= estimated;
      if (working) left -= 1;
    }
  }
  return due(days.at(-1)?.date ?? ledger.acceptedOn);
}

export function addWorkingDays(calendar: Calendar, date: string, count: number): string {
  let day = date;
  for (let left = count; left > 0; ) {
    day = addDays(day, 1);
    if (dayStatus(calendar, day).working) left -= 1;
  }
  return day;
}

export function rollToWorkingDay(calendar: Calendar, date: string): string {
  return dayStatus(calendar, date).working ? date : addWorkingDays(calendar, date, 1);
}
