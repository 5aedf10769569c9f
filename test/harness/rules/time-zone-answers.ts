import { deadline } from '../../../domain/calendar/deadline.ts';
import { addWorkingDays } from '../../../domain/calendar/working-days.ts';
import { schedule } from '../../../domain/cases/schedule.ts';
import {
  addDays,
  addMonths,
  daysBetween,
  isIsoDate,
  isWeekend,
  shanghaiDate,
  shanghaiInstant,
} from '../../../domain/dates.ts';
import { estimatedArrangement, publishedArrangement, publishedYears } from '../../../policy/calendar/arrangements.ts';
import { stateCouncil } from './calendars.ts';
import { awaitingMaterials, clocks, underReview } from './cases.ts';

/**
 * What the rules answer about every day of two years, and every year's arrangement: text to be compared between time
 * zones.
 */
export function answers(): string {
  const dates = Array.from({ length: 730 }, (_, index) => addDays('2026-01-01', index));
  const of = (date: string) => [
    date,
    isIsoDate(date),
    isWeekend(date),
    addMonths(date, -6),
    daysBetween('2026-01-01', date),
    shanghaiDate(`${date}T16:00:00Z`),
    shanghaiInstant(date, '24:00'),
    addWorkingDays(stateCouncil, date, 15),
    deadline(
      { acceptedOn: date, workingDays: 15, pauses: [{ from: addDays(date, 3), to: addDays(date, 9) }] },
      stateCouncil,
    ),
  ];
  const schedules = [underReview(), awaitingMaterials('2026-11-25')].map((state) =>
    schedule(state, 'window', clocks, stateCouncil),
  );
  const published = publishedYears().map(publishedArrangement);
  const estimated = Array.from({ length: 40 }, (_, index) => estimatedArrangement(2020 + index));
  return JSON.stringify({ dates: dates.map(of), schedules, published, estimated });
}
