import chineseDays from 'chinese-days';
import type { Arrangement } from '../domain/calendar.ts';
import { addDays, isWeekend } from '../domain/dates.ts';

/** Notice numbers (文号) that were found in print; those of other years are 待核实 and stay null. */
const notices: Record<number, string> = { 2025: '国办发明电〔2024〕12号', 2026: '国办发明电〔2025〕7号' };

/** The years for which the `chinese-days` package holds the final arrangement. */
export function publishedYears(): number[] {
  const years: number[] = [];
  for (let year = 2004; hasArrangement(year); year += 1) years.push(year);
  return years;
}

/** For a year it doesn't cover the package silently answers from weekdays, so this has to be asked first. */
function hasArrangement(year: number): boolean {
  return chineseDays.getHolidaysInRange(`${year}-01-01`, `${year}-12-31`, false).length > 0;
}

/** The arrangement that was in force at the end of a published year. */
export function publishedArrangement(year: number): Arrangement {
  const named = (dates: string[]) => Object.fromEntries(dates.map((date) => [date, holidayName(date)]));
  const [first, last] = [`${year}-01-01`, `${year}-12-31`];
  return {
    year,
    daysOff: named(chineseDays.getHolidaysInRange(first, last, false)),
    makeUpDays: named(chineseDays.getWorkdaysInRange(first, last, true).filter(isWeekend)),
    notice: notices[year] ?? null,
    basis: 'published',
  };
}

function holidayName(date: string): string {
  return chineseDays.getDayDetail(date).name.split(',')[1] ?? '';
}

/**
 * The arrangement to reckon with while a year's notice isn't published: the statutory days of 《全国年节及纪念日放假办法》
 * (as revised in 2024), without make-up days. Whatever rests on it is provisional.
 */
export function estimatedArrangement(year: number): Arrangement {
  const lunar = (month: number, day: number) => chineseDays.getSolarDateFromLunar(`${year}-${month}-${day}`).date;
  const run = (name: string, from: string, count: number) =>
    Array.from({ length: count }, (_, index) => [addDays(from, index), name] as const);
  const newYear = lunar(1, 1);
  return {
    year,
    daysOff: Object.fromEntries([
      ...run('元旦', `${year}-01-01`, 1),
      ...run('春节', addDays(newYear, -1), 4),
      ...run('清明节', chineseDays.getSolarTermDate(year, 4, 'pure_brightness'), 1),
      ...run('劳动节', `${year}-05-01`, 2),
      ...run('端午节', lunar(5, 5), 1),
      ...run('中秋节', lunar(8, 15), 1),
      ...run('国庆节', `${year}-10-01`, 3),
    ]),
    makeUpDays: {},
    notice: null,
    basis: 'estimated',
  };
}
