import type { Arrangement } from '../../domain/calendar/working-days.ts';
import { yearOf } from '../../domain/dates.ts';

/** Between 1901 and 2099 the calendar repeats itself after 28 years: the same weekdays, the same leap years. */
const CYCLE_YEARS = 28;

/**
 * How many years later than written a scenario is played: the server's clock starts now and can't be set back.
 * @param from instant at which the scenario begins
 */
export function yearsToShift(from: string, now: string): number {
  let years = 0;
  while (shiftYears(from, years) <= now) years += CYCLE_YEARS;
  return years;
}

/** Moves a date or an instant by years, a multiple of the cycle; negative ones move it back. */
export function shiftYears(text: string, years: number): string {
  return `${yearOf(text) + years}${text.slice(4)}`;
}

/** Moves an arrangement with its days by years. */
export function shiftArrangement(arrangement: Arrangement, years: number): Arrangement {
  const shifted = (days: Record<string, string>) =>
    Object.fromEntries(Object.entries(days).map(([date, name]) => [shiftYears(date, years), name]));
  const { year, daysOff, makeUpDays } = arrangement;
  return { ...arrangement, year: year + years, daysOff: shifted(daysOff), makeUpDays: shifted(makeUpDays) };
}

/**
 * A text with its dates (2048-02-12, 2048年2月12日) as they were before the shift. Other years in it, such as that in the
 * number of a circular, stay.
 * @param first year in which the shifted scenario begins
 */
export function unshiftText(text: string, years: number, first: number): string {
  const isShifted = (year: string) => Number(year) >= first - 1;
  return text.replaceAll(/\b(2\d{3})(?=年|-\d{2}-\d{2})/g, (year) =>
    isShifted(year) ? String(Number(year) - years) : year,
  );
}
