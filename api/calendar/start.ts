import type { Client } from '@temporalio/client';
import type { calendarChange } from '../../workflows/index.ts';
import { type CalendarChangeStart, calendarChangeOptions } from '../../workflows/messages.ts';
import { startOnce } from '../start.ts';

/**
 * Starts telling the open cases of a new calendar, or does nothing if that was started before: the workflow id contains
 * the calendar's version.
 */
export function startCalendarChange(temporal: Client, start: CalendarChangeStart): Promise<void> {
  return startOnce<typeof calendarChange>(temporal, 'calendarChange', {
    ...calendarChangeOptions(start.version),
    args: [start],
  });
}
