import { createRequire } from 'node:module';
import { substituteDays } from '../../domain/calendar/statutory.ts';
import type { Arrangement } from '../../domain/calendar/working-days.ts';
import { yearOf } from '../../domain/dates.ts';
import type { Policy } from '../schema.ts';
import type { Policies } from '../versions.ts';
import { beforeChange, circulars, superseded, unverified } from './circulars.ts';
import { statutoryDays } from './statutory.ts';

/**
 * The final arrangements as `chinese-days` holds them: date → "English name,中文名,days". Read from its JSON, which is
 * right everywhere: its functions build the same table at import by the host's clock, which west of Greenwich puts
 * every holiday on the day before.
 */
const published: { holidays: Record<string, string>; workdays: Record<string, string> } = createRequire(
  import.meta.url,
)('chinese-days/dist/chinese-days.json');

/** The years for which the `chinese-days` package holds the final arrangement. */
export function publishedYears(): number[] {
  return [...new Set(Object.entries(published.holidays).map(yearOfCircular))].sort((a, b) => a - b);
}

/**
 * The year whose circular rules a day of the package's tables, which are by date: New Year's holiday (元旦) and its
 * make-up days may lie in the December before.
 */
function yearOfCircular([date, names]: [string, string]): number {
  const isOfNextYear = date.slice(5, 7) === '12' && names.includes('元旦');
  return yearOf(date) + (isOfNextYear ? 1 : 0);
}

/** The arrangement that was in force at the end of a published year. */
export function publishedArrangement(year: number): Arrangement {
  return {
    year,
    daysOff: namedDays(published.holidays, year),
    makeUpDays: namedDays(published.workdays, year),
    ...(circulars[year] ?? { circular: unverified, publishedOn: null }),
    basis: 'published',
  };
}

/** The arrangements that were in force until the State Council changed them: 2019 and 2020. */
export function supersededArrangements(): Arrangement[] {
  return Object.entries(superseded).map(([year, change]) => beforeChange(publishedArrangement(Number(year)), change));
}

/** The days of one year's circular in a table of the package, in order, with their Chinese names. */
function namedDays(table: Record<string, string>, year: number): Record<string, string> {
  const days = Object.entries(table).filter((day) => yearOfCircular(day) === year);
  return Object.fromEntries(days.sort().map(([date, names]) => [date, names.split(',')[1] ?? '']));
}

type LocalDayOff = Policy['calendar']['localDaysOff'][number];

/**
 * Estimates the years without a circular as a city does. It goes by the version in force when the year begins, so that
 * the estimate doesn't depend on the day on which a process asks for it.
 */
export function estimator(policies: Pick<Policies, 'at'>): (year: number) => Arrangement {
  return (year) => estimatedArrangement(year, policies.at(`${year}-01-01`).calendar.localDaysOff);
}

/**
 * The arrangement to reckon with while a year's circular isn't published: the statutory days of 《全国年节及纪念日放假办法》, their
 * substitute days, no make-up days, and what the city adds. Whatever rests on it is provisional.
 * @param localDaysOff the city's own days off, as month and day (`MM-DD`)
 */
export function estimatedArrangement(year: number, localDaysOff: LocalDayOff[] = []): Arrangement {
  const statutory = statutoryDays(year);
  const local = localDaysOff.map(({ on, name }) => ({ date: `${year}-${on}`, name }));
  const days = [...local, ...substituteDays(statutory), ...statutory.toReversed()];
  const byDate = new Map(days.map(({ date, name }) => [date, name]));
  return {
    year,
    daysOff: Object.fromEntries([...byDate].sort()),
    makeUpDays: {},
    circular: null,
    publishedOn: null,
    basis: 'estimated',
  };
}
