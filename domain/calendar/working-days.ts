import { dateOfDay, dayNumber, isWeekend, yearOf } from '../dates.ts';

/**
 * One year's days off and make-up working days (调休上班日), as the State Council's General Office (国务院办公厅)
 * publishes them late in the year before, or as estimated from the statutory holidays while nothing is published. It
 * may rule the last days of the December before, too (`mayRule`).
 */
export interface Arrangement {
  year: number;
  /** Days off → name of the holiday, in Chinese. */
  daysOff: Record<string, string>;
  /** Weekend days worked → name of the holiday they make up for. */
  makeUpDays: Record<string, string>;
  /** The circular's number (文号), or 待核实 where it couldn't be verified; null while there is no circular. */
  circular: string | null;
  /** Shanghai date of the circular; null where it isn't known or there is none. */
  publishedOn: string | null;
  basis: 'published' | 'estimated';
}

/** All arrangements at one version, never changed; `arrangement` answers for every year, estimated if need be. */
export interface Calendar {
  version: number;
  arrangement(year: number): Arrangement;
}

/** The calendar with other arrangements for some years, at the version that brings them. */
export function withArrangements(calendar: Calendar, changed: Arrangement[]): Calendar {
  const byYear = new Map(changed.map((arrangement) => [arrangement.year, arrangement]));
  return { version: calendar.version + 1, arrangement: (year) => byYear.get(year) ?? calendar.arrangement(year) };
}

/**
 * The first day of December (`MM-DD`) that the circular for the next year may rule. New Year's holiday (元旦) begins on
 * 30 December at the earliest, its make-up days have never lain before the 29th (2007, 2018); a week leaves room.
 */
const RULED_AHEAD_FROM = '12-25';

/** Whether the circular for a year may say anything of a date. */
export function mayRule(year: number, date: string): boolean {
  return yearOf(date) === year || (yearOf(date) === year - 1 && date.slice(5) >= RULED_AHEAD_FROM);
}

/**
 * The arrangement that rules a day: that of the day's year, or the published one for the next year if it names the day.
 * An estimate says nothing of the year before.
 */
function rulingArrangement(calendar: Calendar, date: string): Arrangement {
  const year = yearOf(date);
  if (mayRule(year + 1, date)) {
    const next = calendar.arrangement(year + 1);
    const named = next.daysOff[date] ?? next.makeUpDays[date];
    if (next.basis === 'published' && named !== undefined) return next;
  }
  return calendar.arrangement(year);
}

export type DayRule = 'workingDay' | 'makeUpDay' | 'weekend' | 'holiday';

export interface DayStatus {
  date: string;
  working: boolean;
  rule: DayRule;
  /** Name of the holiday, for `holiday` and `makeUpDay`. */
  name?: string;
  /** The circular, where a published arrangement decided the day. */
  circular?: string;
  /** The arrangement that rules the day is only an estimate. */
  provisional: boolean;
}

/** Whether a date is worked, by which rule and which circular. */
export function dayStatus(calendar: Calendar, date: string): DayStatus {
  const arrangement = rulingArrangement(calendar, date);
  const provisional = arrangement.basis === 'estimated';
  const source = arrangement.circular ? { circular: arrangement.circular } : {};
  const holiday = arrangement.daysOff[date];
  if (holiday !== undefined) return { date, working: false, rule: 'holiday', name: holiday, ...source, provisional };
  const madeUp = arrangement.makeUpDays[date];
  if (madeUp !== undefined) return { date, working: true, rule: 'makeUpDay', name: madeUp, ...source, provisional };
  const working = !isWeekend(date);
  return { date, working, rule: working ? 'workingDay' : 'weekend', provisional };
}

const known = new WeakMap<Calendar, Map<number, DayStatus>>();

/**
 * What `dayStatus` says, by day number. A calendar never changes, so each of its days is worked out once and kept. A
 * case walks over some twenty days, and a publication walks over the same few months for a hundred thousand cases.
 */
export function daysOf(calendar: Calendar): (day: number) => DayStatus {
  const days = known.get(calendar) ?? new Map<number, DayStatus>();
  known.set(calendar, days);
  return (day) => {
    let status = days.get(day);
    if (!status) {
      status = dayStatus(calendar, dateOfDay(day));
      days.set(day, status);
    }
    return status;
  };
}

export function isWorkingDay(calendar: Calendar, date: string): boolean {
  return daysOf(calendar)(dayNumber(date)).working;
}

/** The `count`-th working day after `date`; `date` itself for 0. */
export function addWorkingDays(calendar: Calendar, date: string, count: number): string {
  if (count <= 0) return date;
  const statusOf = daysOf(calendar);
  let day = dayNumber(date);
  for (let left = count; left > 0; ) {
    day += 1;
    if (statusOf(day).working) left -= 1;
  }
  return statusOf(day).date;
}

/** `date` when it is worked, else the first working day after it (民法典第 203 条: a last day on a rest day moves on). */
export function rollToWorkingDay(calendar: Calendar, date: string): string {
  return isWorkingDay(calendar, date) ? date : addWorkingDays(calendar, date, 1);
}
