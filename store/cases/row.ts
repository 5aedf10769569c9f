import { datesOf } from '../../domain/calendar/moves.ts';
import type { Schedule } from '../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../domain/cases/state.ts';
import { type Change, datedEntries } from '../../domain/cases/timeline.ts';
import { isOf, prepared, slots } from '../prepared.ts';
import { application } from './tables.ts';

/** What the row shows once a change is recorded. */
export function columnsOf({ sequence, state, entry: { kind, detail } }: Change, ahead: Schedule) {
  const dates = datesOf(state, ahead);
  const announced = { announcedDueOn: dates.dueOn, announcedWindowEndsOn: dates.windowEndsOn };
  return {
    sequence,
    ...stateColumns(state, ahead),
    ...(datedEntries.includes(kind) ? announced : {}),
    ...(kind === 'calendarChanged' || state.closed ? { calendarUnheard: false } : {}),
    ...(kind === 'assigned' && state.assignee === null ? { reservedUntil: null, reservedFor: null } : {}),
    ...(kind === 'registered' && detail.accreditationId ? { accreditationId: detail.accreditationId } : {}),
  };
}

/** Writes all that recording changes may have changed of a row, which is locked. */
export const writeRow = prepared('application as recorded', (db) =>
  db
    .update(application)
    .set(
      slots(
        ...([
          'insured',
          'corePhone',
          'sequence',
          'state',
          'status',
          'round',
          'assignee',
          'reservedUntil',
          'reservedFor',
          'escalationLevel',
          'closed',
          'accreditationId',
        ] as const),
        ...(['dueOn', 'provisional', 'workingDaysLeft', 'windowEndsOn', 'appealUntil'] as const),
        ...(['announcedDueOn', 'announcedWindowEndsOn', 'calendarVersion', 'calendarUnheard'] as const),
      ) as object,
    )
    .where(isOf(application)),
);

/** What the row shows of a state, and of what lies ahead of it. */
export function stateColumns(state: ApplicationState, ahead: Schedule) {
  const { status, round, assignee, escalationLevel, closed } = state;
  return { state, status, round, assignee, escalationLevel, closed, ...asColumns(ahead) };
}

/** What the row shows of a schedule. */
export function asColumns({ dueOn, provisional, workingDaysLeft, windowEndsOn, appealUntil }: Schedule) {
  return { dueOn, provisional, workingDaysLeft, windowEndsOn, appealUntil };
}
