import type { Client } from '@temporalio/client';
import type { calendarChange } from '../../workflows/index.ts';
import { type CalendarChangeStart, calendarChangeOptions } from '../../workflows/messages.ts';
import { startOnce } from '../start.ts';

/**
 * Starts telling the open cases of a calendar, or does nothing if that has been started: the workflow id names the
 * version.
 */
export function startCalendarChange(temporal: Client, start: CalendarChangeStart): Promise<void> {
  return startOnce<typeof calendarChange>(temporal, 'calendarChange', {
    ...calendarChangeOptions(start.version),
    args: [start],
  });
}
