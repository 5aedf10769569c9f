import { minutesAfter, shanghaiDate, shanghaiInstant } from '../dates.ts';
import { type Calendar, isWorkingDay } from './working-days.ts';

/** A part of a working day on which the window (线下窗口) is open, `HH:MM` in Asia/Shanghai. */
export interface OfficeHours {
  from: string;
  to: string;
}

/** Whether the window accepts applications at an instant: on working days, within its hours (线上 is 24 hours). */
export function isWindowOpen(calendar: Calendar, hours: OfficeHours[], instant: string): boolean {
  const date = shanghaiDate(instant);
  const open = ({ from, to }: OfficeHours) =>
    shanghaiInstant(date, from) <= instant && instant < shanghaiInstant(date, to);
  return isWorkingDay(calendar, date) && hours.some(open);
}

/** Somebody at the window; instants. */
export interface Served {
  now: string;
  /** When they took a ticket (取号); undefined where they have none. */
  ticketTakenAt: string | undefined;
  /** For how many minutes after closing it serves those who had one by then. */
  minutes: number;
}

/** Whether the window, which closed at an instant, still serves who took a ticket before. */
export function isServedAfter(closedAt: string, { now, ticketTakenAt, minutes }: Served): boolean {
  const hadTicket = ticketTakenAt !== undefined && ticketTakenAt < closedAt;
  return hadTicket && shanghaiDate(ticketTakenAt) === shanghaiDate(now) && now < minutesAfter(closedAt, minutes);
}

/** Whether the window serves somebody, whom it may have closed after: for the noon or for the day. */
export function serves(calendar: Calendar, hours: OfficeHours[], served: Served): boolean {
  const date = shanghaiDate(served.now);
  if (isWindowOpen(calendar, hours, served.now)) return true;
  if (!isWorkingDay(calendar, date)) return false;
  const closings = hours.map(({ to }) => shanghaiInstant(date, to));
  return closings.some((closedAt) => closedAt <= served.now && isServedAfter(closedAt, served));
}
