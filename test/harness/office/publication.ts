import { startCalendarChange } from '../../../api/calendar/start.ts';
import { yearOf } from '../../../domain/dates.ts';
import { type Publication, publishArrangement } from '../../../store/calendar/publish.ts';
import { readCalendar } from '../../../store/calendar/queries.ts';
import { policy } from '../policy.ts';
import type { Office } from './open.ts';

interface Change {
  daysOff?: string[];
  makeUpDays?: string[];
}

/** Publishes the arrangement that is in force with some days more, all of one year; nobody is told yet. */
export async function publish({ store }: Office, { daysOff = [], makeUpDays = [] }: Change): Promise<Publication> {
  const calendar = await readCalendar(store);
  const year = yearOf((daysOff[0] ?? makeUpDays[0]) as string);
  const before = calendar.arrangement(year);
  const named = (dates: string[]) => Object.fromEntries(dates.map((date) => [date, '测试节']));
  const after = {
    ...before,
    daysOff: { ...before.daysOff, ...named(daysOff) },
    makeUpDays: { ...before.makeUpDays, ...named(makeUpDays) },
    circular: `测试〔${year}〕${calendar.version + 1}号`,
    basis: 'published' as const,
  };
  return publishArrangement(store, after, { basedOn: calendar.version, enteredBy: 'admin-1', clocks: policy.clocks });
}

/** Starts telling the cases of a version, as the api does once it has published. */
export async function tell({ client }: Office, version: number) {
  await startCalendarChange(client, { version });
  return client.workflow.getHandle(`calendar-change-${version}`);
}
