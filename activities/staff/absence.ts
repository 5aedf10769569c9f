import { ApplicationFailure } from '@temporalio/common';
import { shanghaiDate, shanghaiInstant } from '../../domain/dates.ts';
import { takerOn } from '../../domain/staff/absence.ts';
import {
  findAbsence,
  markAbsenceStarted,
  openCasesOf,
  recordHandover,
  standingAbsences,
} from '../../store/staff/absences.ts';
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
      if (!row || row.endedAt !== null || row.until < today) return null;
      const to = takerOn(today, row.to, await standingAbsences(store, today));
      return { acceptanceNumbers: await openCasesOf(store, row.staffId, after, SLICE), to, by: row.enteredBy };
    },
    recordHandover: ({ absenceId, handover }) => recordHandover(store, absenceId, handover),
    reassign: createReassign(store),
  };
}
