import { shanghaiDate, shanghaiInstant } from '../dates.ts';
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
