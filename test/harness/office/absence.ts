import { randomUUID } from 'node:crypto';
import { startAbsence } from '../../../api/staff/start.ts';
import { addDays, shanghaiDate, shanghaiInstant } from '../../../domain/dates.ts';
import { enterAbsence } from '../../../store/staff/absences.ts';
import type { AbsenceRow } from '../../../store/staff/tables.ts';
import { type AbsenceProgress, absenceOptions, absenceProgress } from '../../../workflows/messages.ts';
import type { Office } from './open.ts';

/** Enters an absence, by days from today on, and starts its workflow, as the api does. */
export async function enter(office: Office, staffId: string, [from, until]: [number, number], to: string) {
  const now = await office.now();
  const today = shanghaiDate(now);
  const period = { from: addDays(today, from), until: addDays(today, until) };
  const by = { id: randomUUID(), enteredBy: 'supervisor-1', enteredAt: now };
  const { id: absenceId } = (await enterAbsence(office.store, { staffId, ...period, to, ...by })) as AbsenceRow;
  await startAbsence(office.client, { absenceId });
  const { workflowId } = absenceOptions({ absenceId });
  return {
    absenceId,
    workflowId,
    /** Lets the clock run until five minutes into its first day. */
    begins: () => office.until(shanghaiInstant(period.from, '00:05')),
    progress: (): Promise<AbsenceProgress> => office.client.workflow.getHandle(workflowId).query(absenceProgress),
  };
}
