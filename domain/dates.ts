/**
 * Calendar dates and instants, without a clock.
 * A date is `YYYY-MM-DD` in Asia/Shanghai; an instant is ISO 8601 in UTC. Shanghai has been UTC+8 without
 * summer time since 1992, so the conversion is a constant and never depends on the host's time zone.
 */

/** Tells what time it is now (instant). A process makes one when it begins, and hands it to whoever needs it. */
export type Clock = () => string;

const DAY_MS = 86_400_000;
const SHANGHAI_OFFSET_HOURS = 8;
const SHANGHAI_OFFSET_MS = SHANGHAI_OFFSET_HOURS * 3_600_000;

/** True for a real calendar date of four-digit years written `YYYY-MM-DD` (2026-02-30 is none). */
export function isIsoDate(text: string): boolean {
  if (!/^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}

/** A date as a number: days since 1970-01-01. Walking over numbers is many times faster than over dates. */
export function dayNumber(date: string): number {
  return Date.parse(date) / DAY_MS;
}

/** The date of a day number. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The date `days` calendar days after `date` (before it, when negative). */
export function addDays(date: string, days: number): string {
  return dateOfDay(dayNumber(date) + days);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

/**
 * The date `months` calendar months after `date`; a day that the target month lacks becomes that month's last
 * (2026-08-31 minus six months is 2026-02-28).
 */
export function addMonths(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10);
}

/** The day of the week (周几) by its character: 日, 一 to 六. */
export function weekdayOf(date: string): string {
  return '日一二三四五六'.charAt(new Date(date).getUTCDay());
}

/** Saturday or Sunday. */
export function isWeekend(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

export function yearOf(date: string): number {
  return Number(date.slice(0, 4));
}

/** The Shanghai date on which the instant falls. */
export function shanghaiDate(instant: string): string {
  return new Date(Date.parse(instant) + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
}

/** The instant of `time` (`HH:MM`, `24:00` allowed) on a Shanghai date. */
export function shanghaiInstant(date: string, time: string): string {
  const [hours, minutes] = time.split(':');
  const hour = Number(hours) - SHANGHAI_OFFSET_HOURS;
  const on = hour < 0 ? addDays(date, -1) : date;
  return `${on}T${String((hour + 24) % 24).padStart(2, '0')}:${minutes}:00.000Z`;
}

/** An instant as a clock in Shanghai shows it: `2026-12-09 17:00`. */
export function shanghaiMinute(instant: string): string {
  return new Date(Date.parse(instant) + SHANGHAI_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ');
}

/** @returns the instant so many minutes after `since` (instant) */
export function minutesAfter(since: string, minutes: number): string {
  return new Date(Date.parse(since) + minutes * 60_000).toISOString();
}

/**
 * Which of two instants comes first, for sorting. All instants have one form, so plain comparison is enough; comparing
 * them by a language's rules (`localeCompare`) would only cost time.
 */
export function compareInstants(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
