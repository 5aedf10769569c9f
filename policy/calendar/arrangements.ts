import { createRequire } from 'node:module';
import chineseDays from 'chinese-days';
import type { Arrangement } from '../../domain/calendar/working-days.ts';
import { addDays, yearOf } from '../../domain/dates.ts';
import type { Policy } from '../schema.ts';
import type { Policies } from '../versions.ts';
import { beforeChange, circulars, superseded, unverified } from './circulars.ts';

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
 * The arrangement to reckon with while a year's circular isn't published: the statutory days of 《全国年节及纪念日放假办法》
 * (as revised in 2024), without make-up days, and what the city adds. Whatever rests on it is provisional.
 * @param localDaysOff the city's own days off, as month and day (`MM-DD`)
 */
export function estimatedArrangement(year: number, localDaysOff: LocalDayOff[] = []): Arrangement {
  // Noon, since the package reads a bare date as midnight UTC and then takes it apart by the host's clock.
  const lunar = (monthDay: string) => chineseDays.getSolarDateFromLunar(`${year}-${monthDay}T12:00:00`).date;
  const run = (name: string, from: string, count: number) =>
    Array.from({ length: count }, (_, index) => [addDays(from, index), name] as const);
  const newYear = lunar('01-01');
  return {
    year,
    daysOff: Object.fromEntries([
      ...run('元旦', `${year}-01-01`, 1),
      ...run('春节', addDays(newYear, -1), 4),
      ...run('清明节', qingming(year), 1),
      ...run('劳动节', `${year}-05-01`, 2),
      ...run('端午节', lunar('05-05'), 1),
      ...run('中秋节', lunar('08-15'), 1),
      ...run('国庆节', `${year}-10-01`, 3),
      ...localDaysOff.map(({ on, name }) => [`${year}-${on}`, name] as const),
    ]),
    makeUpDays: {},
    circular: null,
    publishedOn: null,
    basis: 'estimated',
  };
}

/** 清明 in the years 2000–2099 (寿星公式); the package's own answer is a day early west of Greenwich. */
function qingming(year: number): string {
  const sinceCentury = year % 100;
  const day = Math.floor(sinceCentury * 0.2422 + 4.81) - Math.floor(sinceCentury / 4);
  return `${year}-04-0${day}`;
}
