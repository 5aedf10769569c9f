import { daysBetween, isWeekend } from '../dates.ts';
import type { StatutoryDay } from './statutory.ts';
import type { Arrangement } from './working-days.ts';

/** What looks wrong with an arrangement, though it may be right: the State Council decides, and has made exceptions. */
export type ArrangementWarning =
  | { code: 'statutoryDayWorked'; name: string; dates: string[] }
  | { code: 'farFromFestival'; name: string; dates: string[] }
  | {
      code: 'tooManyMakeUpDays' | 'tooFewMakeUpDays';
      /** Days from Monday to Friday that are off. */
      weekdaysOff: number;
      statutory: number;
      makeUpDays: number;
    };

/**
 * How many days from its festival a day off, and a make-up day, may lie; in the circulars since 2016 it was 6 and 11 at
 * most.
 */
const NEAR = { daysOff: 7, makeUpDays: 14 } as const;

/**
 * Compares an arrangement with the law: each statutory day is off, each holiday lies by its festival, and people work
 * on as many weekend days as they get weekdays off on top of the statutory days.
 * @param statutory those of the arrangement's year
 * @param localDaysOff dates that the city adds, which nobody makes up for
 */
export function arrangementWarnings(
  { daysOff, makeUpDays }: Pick<Arrangement, 'daysOff' | 'makeUpDays'>,
  statutory: StatutoryDay[],
  localDaysOff: string[] = [],
): ArrangementWarning[] {
  const isWorked = ({ date }: StatutoryDay) =>
    Object.hasOwn(makeUpDays, date) || !(isWeekend(date) || Object.hasOwn(daysOff, date));
  const isFar = (table: keyof typeof NEAR) => (day: StatutoryDay) => {
    const ofFestival = statutory.filter(({ name }) => isOf(name, day.name));
    const distances = ofFestival.map(({ date }) => Math.abs(daysBetween(date, day.date)));
    return ofFestival.length > 0 && Math.min(...distances) > NEAR[table];
  };
  const [off, worked] = [daysOf(daysOff), daysOf(makeUpDays)];
  return [
    ...byName(statutory.filter(isWorked)).map((days) => ({ code: 'statutoryDayWorked' as const, ...days })),
    ...byName([...off.filter(isFar('daysOff')), ...worked.filter(isFar('makeUpDays'))]).map((days) => ({
      code: 'farFromFestival' as const,
      ...days,
    })),
    ...balance(
      off.map(({ date }) => date).filter((date) => !localDaysOff.includes(date)),
      statutory,
      worked,
    ),
  ];
}

/** Each statutory day takes a weekday off, on a weekend by its substitute; each make-up day gives another one. */
function balance(off: string[], { length: statutory }: StatutoryDay[], worked: StatutoryDay[]): ArrangementWarning[] {
  const weekdaysOff = off.filter((date) => !isWeekend(date)).length;
  const makeUpDays = worked.length;
  const missing = statutory + makeUpDays - weekdaysOff;
  if (missing === 0) return [];
  return [{ code: missing > 0 ? 'tooManyMakeUpDays' : 'tooFewMakeUpDays', weekdaysOff, statutory, makeUpDays }];
}

/** Whether a day's name (清明, 国庆节、中秋节, 清明节补假) is that of a festival (清明节). */
function isOf(festival: string, name: string): boolean {
  return name.includes(festival.slice(0, 2));
}

function daysOf(table: Record<string, string>): StatutoryDay[] {
  return Object.entries(table).map(([date, name]) => ({ date, name }));
}

function byName(days: StatutoryDay[]): { name: string; dates: string[] }[] {
  const names = [...new Set(days.map(({ name }) => name))];
  return names.map((name) => ({
    name,
    dates: [...new Set(days.filter((day) => day.name === name).map(({ date }) => date))].sort(),
  }));
}
