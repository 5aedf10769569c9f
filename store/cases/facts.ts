import { datesOf, movesOf } from '../../domain/calendar/moves.ts';
import type { Calendar } from '../../domain/calendar/working-days.ts';
import type { Clocks } from '../../domain/cases/clocks.ts';
import { isFirstRequest, isLateFirstRequest } from '../../domain/cases/one-time-notice.ts';
import type { Schedule } from '../../domain/cases/schedule.ts';
import type { Change, EntryDetail } from '../../domain/cases/timeline.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import type { ApplicationRow } from './tables.ts';

/**
 * Adds what the workflow can't know, having neither calendar nor policy: what a changed calendar did to the dates that
 * the people of the case were told, and whether the first request for materials came too late.
 */
export function withFacts(
  change: Change,
  row: ApplicationRow,
  ahead: Schedule,
  clocks: Clocks,
  calendar: Calendar,
): Change {
  const { entry, state } = change;
  const withDetail = (detail: EntryDetail) => ({
    ...change,
    entry: { ...entry, detail: { ...entry.detail, ...detail } },
  });
  if (entry.kind === 'calendarChanged') {
    const announced = { dueOn: row.announcedDueOn, windowEndsOn: row.announcedWindowEndsOn };
    return withDetail({ moves: movesOf(announced, datesOf(state, ahead)) });
  }
  const isFirst = entry.kind === 'materialsRequested' && isFirstRequest(row.state);
  return isFirst && isLateFirstRequest(state, shanghaiDate(entry.at), clocks, calendar)
    ? withDetail({ late: true })
    : change;
}
