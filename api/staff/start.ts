import type { Client } from '@temporalio/client';
import type { absence } from '../../workflows/index.ts';
import { type AbsenceStart, absenceOptions } from '../../workflows/messages.ts';
import type { ApiContext } from '../context.ts';
import { codeOf } from '../http/errors.ts';
import type { Sent } from '../send.ts';
import { startOnce, TEMPORAL_WAIT_MS } from '../start.ts';

/** Starts the workflow of an absence, or does nothing if it was started before. */
export function startAbsence(temporal: Client, start: AbsenceStart): Promise<void> {
  return startOnce<typeof absence>(temporal, 'absence', { ...absenceOptions(start), args: [start] });
}

/**
 * Starts the workflow of a departure, and waits until the cases are handed over, up to five seconds in all.
 * @returns `accepted` where that takes longer, or can't be begun now: housekeeping finds what was entered
 */
export async function handOver({ temporal, log }: ApiContext, start: AbsenceStart): Promise<Sent> {
  const deadline = Date.now() + TEMPORAL_WAIT_MS;
  const { workflowId } = absenceOptions(start);
  try {
    await startAbsence(temporal, start);
    await temporal.withDeadline(deadline, () => temporal.workflow.getHandle(workflowId).result());
    return 'done';
  } catch (error) {
    log.warn({ workflowId, code: codeOf(error) }, 'cases not handed over yet');
    return 'accepted';
  }
}
