import type { OfficeHours } from '../calendar/office-hours.ts';
import { addWorkingDays, type Calendar, isWorkingDay } from '../calendar/working-days.ts';
import { shanghaiDate, shanghaiInstant } from '../dates.ts';

/**
 * When a notification may leave: at any time, in the sending hours only, or in the sending hours and together with
 * others that come due within the same hour.
 */
export type Leaving = 'anyTime' | 'sendingHours' | 'collected';

/**
 * The instant at which a 短信 that is due at `due` leaves. Outside the sending hours of working days it waits for the
 * next ones. One that is collected waits for the end of its hour, so that several to one person become one.
 * @param due instant
 */
export function leavesAt(calendar: Calendar, hours: OfficeHours, leaving: Leaving, due: string): string {
  if (leaving === 'anyTime') return due;
  const from = withinHours(calendar, hours, due);
  if (leaving === 'sendingHours') return from;
  const hourEnds = new Date(Math.floor(Date.parse(from) / HOUR_MS + 1) * HOUR_MS).toISOString();
  const closes = shanghaiInstant(shanghaiDate(from), hours.to);
  return [hourEnds, closes].sort()[0] as string;
}

/** A notification that was to leave as the hours ended may still do so for a moment. */
const GRACE_MS = 5 * 60_000;

/**
 * When a notification may leave whose time came earlier, but which is tried (again) only now, because a provider or the
 * worker was down.
 */
export function leavesAgainAt(calendar: Calendar, hours: OfficeHours, leaving: Leaving, now: string): string {
  if (leaving === 'anyTime') return now;
  const next = withinHours(calendar, hours, new Date(Date.parse(now) - GRACE_MS).toISOString());
  return next > now ? next : now;
}

const HOUR_MS = 3_600_000;

function withinHours(calendar: Calendar, { from, to }: OfficeHours, due: string): string {
  const date = shanghaiDate(due);
  if (isWorkingDay(calendar, date)) {
    if (due < shanghaiInstant(date, from)) return shanghaiInstant(date, from);
    if (due < shanghaiInstant(date, to)) return due;
  }
  return shanghaiInstant(addWorkingDays(calendar, date, 1), from);
}
