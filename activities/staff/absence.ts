import { ApplicationFailure } from '@temporalio/common';
import { shanghaiDate, shanghaiInstant } from '../../domain/dates.ts';
import { isOver, takerOn } from '../../domain/staff/absence.ts';
import { reviewsNow } from '../../domain/staff/roles.ts';
import type { Store } from '../../store/open.ts';
import {
  findAbsence,
  markAbsenceStarted,
  openCasesOf,
  recordHandover,
  standingAbsences,
} from '../../store/staff/absences.ts';
import { findStaff } from '../../store/staff/queries.ts';
import type { AbsenceActivities, OutwardActivities } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { createReassign } from './reassign.ts';

/** Cases that are handed over together. */
const SLICE = 20;

/** Builds the activities of absences. */
export function createAbsenceActivities({
  store,
}: ActivityDependencies): AbsenceActivities & Pick<OutwardActivities, 'reassign'> {
  return {
    async beginAbsence({ absenceId }) {
      const row = await markAbsenceStarted(store, absenceId);
      if (!row) throw ApplicationFailure.nonRetryable('No absence was entered under this id', 'UnknownAbsence');
      return { beginsAt: shanghaiInstant(row.from, '00:00') };
    },
    async findCasesOfAbsent({ absenceId, now, after }) {
      const row = await findAbsence(store, absenceId);
      const today = shanghaiDate(now);
      if (!row || row.endedAt !== null || isOver(row, today)) return null;
      const to = await reviewing(store, takerOn(today, row.to, await standingAbsences(store, today)));
      return { acceptanceNumbers: await openCasesOf(store, row.staffId, after, SLICE), to, by: row.enteredBy };
    },
    recordHandover: ({ absenceId, handover }) => recordHandover(store, absenceId, handover),
    reassign: createReassign(store),
  };
}

/** Who was to take over, unless they have been retired since, or review nothing any more: then nobody does. */
async function reviewing(store: Store, to: string | null): Promise<string | null> {
  const member = to === null ? undefined : await findStaff(store, to);
  return reviewsNow(member) ? member.id : null;
}
