import type { Arrangement, Calendar } from '../../../domain/calendar/working-days.ts';
import { estimatedArrangement, publishedArrangement, publishedYears } from '../../../policy/calendar/arrangements.ts';

const arrangements = new Map(publishedYears().map((year) => [year, publishedArrangement(year)]));

/** The State Council's final arrangements, and estimates for the years without one. */
export const stateCouncil: Calendar = {
  version: 1,
  arrangement(year) {
    const arrangement = arrangements.get(year) ?? estimatedArrangement(year);
    arrangements.set(year, arrangement);
    return arrangement;
  },
};

/** A calendar with just these days off and make-up days, in whatever year; published before `estimatedFrom`. */
export function calendarOf(daysOff: string[], makeUpDays: string[] = [], estimatedFrom = 9999): Calendar {
  const named = (dates: string[]) => Object.fromEntries(dates.map((date) => [date, '节日']));
  const days = { daysOff: named(daysOff), makeUpDays: named(makeUpDays), circular: null, publishedOn: null };
  const arrangement = (year: number): Arrangement => ({
    ...days,
    year,
    basis: year < estimatedFrom ? 'published' : 'estimated',
  });
  return { version: 1, arrangement };
}
