import { addDays, dayNumber, yearOf } from '../dates.ts';
import type { Calendar } from './working-days.ts';

/**
 * The year whose circular is missing on a Shanghai date: the next one from 1 December on, by when it has been published
 * in all years but that for 2023; in a year that began without one, that year itself. Null where none is missing.
 */
export function missingCircular(calendar: Calendar, date: string): number | null {
  const year = yearOf(date);
  const due = date >= `${year}-12-01` ? [year, year + 1] : [year];
  return due.find((each) => calendar.arrangement(each).basis === 'estimated') ?? null;
}

/** The Monday of a date's week. */
export function mondayOf(date: string): string {
  // 1970-01-01, day 0, was a Thursday.
  return addDays(date, -((dayNumber(date) + 3) % 7));
}
