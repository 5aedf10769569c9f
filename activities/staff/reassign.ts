import { getClient } from '@temporalio/activity';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { hasAttended } from '../../domain/cases/attendance.ts';
import type { Messages } from '../../domain/cases/messages.ts';
import type { Handover } from '../../domain/staff/absence.ts';
import { findApplication } from '../../store/cases/queries.ts';
import type { Store } from '../../store/open.ts';
import type { OutwardActivities } from '../contract.ts';

/** How long a case may take to answer; after that the next try asks it again. */
const ANSWER_MS = 30_000;

/** Builds `reassign` of the contract: Updates to other workflows, sent by the worker's own client. */
export function createReassign(store: Store): OutwardActivities['reassign'] {
  return async ({ absenceId, acceptanceNumbers, by, to }) => {
    const assign: Messages['assign'] = { by, to, authority: 'supervisor' };
    const reassign = (number: string) => reassignOne(store, number, assign, absenceId);
    const outcomes = await Promise.all(acceptanceNumbers.map(reassign));
    return {
      handedOver: outcomes.filter((outcome) => outcome === 'handedOver').length,
      left: outcomes.filter((outcome) => typeof outcome === 'object'),
    };
  };
}

async function reassignOne(
  store: Store,
  acceptanceNumber: string,
  assign: Messages['assign'],
  absenceId: string,
): Promise<'handedOver' | 'ended' | Handover['left'][number]> {
  // The case's workflow knows who handed something in for the applicant, not who changed their phone at the window.
  const row = await findApplication(store, acceptanceNumber);
  if (row && hasAttended(row, assign.to)) return { acceptanceNumber, objection: 'ownCase' };
  const client = getClient();
  // The same for every try: Temporal then answers with what the first one did.
  const options = { args: [assign] as [Messages['assign']], updateId: `absence-${absenceId}` };
  const handle = client.workflow.getHandle(acceptanceNumber);
  try {
    await client.withDeadline(Date.now() + ANSWER_MS, () => handle.executeUpdate('assign', options));
    return 'handedOver';
  } catch (error) {
    if (hasNoWorkflow(error)) {
      // An open case will have its workflow again.
      if ((await findApplication(store, acceptanceNumber))?.closed === false) throw error;
      return 'ended';
    }
    if (!(error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)) throw error;
    const { type, details } = error.cause;
    const [refusal] = (details ?? []) as [{ objection?: string } | undefined];
    if (type === 'Conflict' && !refusal?.objection) return 'ended';
    return { acceptanceNumber, objection: refusal?.objection ?? String(type) };
  }
}

/** Nothing runs under its number, or it ended with the message still unanswered. */
function hasNoWorkflow(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow';
}
