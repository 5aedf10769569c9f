import type { Client } from '@temporalio/client';
import type { Clock } from '../../domain/dates.ts';
import { type Policies, policyInForce } from '../../policy/versions.ts';
import { CalendarMoved, publishArrangement } from '../../store/calendar/publish.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import type { Store } from '../../store/open.ts';
import { calendarChangeOptions } from '../../workflows/messages.ts';
import { codeOf, Problem } from '../http/errors.ts';
import { publicationView } from './answers.ts';
import type { CheckedArrangement } from './arrangement.ts';
import { startCalendarChange } from './start.ts';
import { assertAcknowledged, warningsOf } from './warnings.ts';

interface Publishing {
  store: Store;
  policies: Policies;
  temporal: Client;
  now: Clock;
  /** Hears that the cases aren't being told yet, with the error's code. */
  onUntold(version: number, code: string): void;
}

/**
 * Publishes an arrangement that was checked (`checkArrangement`). It writes the store first: once the calendar is
 * there, it is in force and all dates follow it. If Temporal can't be reached now, or this process dies before the
 * workflow's start, housekeeping starts telling the cases.
 * @throws Problem 422 for warnings that nobody has acknowledged; 409 where somebody else has published meanwhile
 */
export async function publish(
  { store, policies, temporal, now, onUntold }: Publishing,
  { arrangement, basedOn, acknowledged }: CheckedArrangement,
  enteredBy: string,
) {
  const warnings = warningsOf(policies, arrangement);
  assertAcknowledged(warnings, acknowledged);
  const { clocks } = policyInForce({ policies, now });
  const options = { basedOn: basedOn ?? (await readCalendar(store)).version, enteredBy, clocks };
  const publication = await publishArrangement(store, arrangement, options).catch((error) => {
    if (error instanceof CalendarMoved) throw calendarMoved(error);
    throw error;
  });
  const { version } = publication;
  await startCalendarChange(temporal, { version }).catch((error) => onUntold(version, codeOf(error)));
  return publicationView(arrangement.year, publication, warnings, calendarChangeOptions(version).workflowId);
}

export function calendarMoved(cause?: unknown): Problem {
  return new Problem(409, 'calendar-moved', '放假安排刚刚被他人更新,请重新查看并试算后再公布。', { cause });
}
