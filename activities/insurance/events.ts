import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowIdConflictPolicy,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure, type Workflow } from '@temporalio/common';
import { wasAccreditationRecorded } from '../../store/accreditations/queries.ts';
import type { RevokeOnce } from '../../store/insurance/events.ts';
import type { Store } from '../../store/open.ts';
import { accreditationMessages, accreditationOptions } from '../../workflows/messages.ts';

/** Longer than a worker needs that is there; the next pass tries again. */
const WAIT_MS = 10_000;

/**
 * Revokes what an event of the insurance core touches, as the api does where it hears of the event. Where no workflow
 * runs, it is started with the Update.
 * @param onRevoked hears of each accreditation that is revoked by it
 */
export function revokeOnEvent(client: Client, store: Store, onRevoked: (accreditationId: string) => void): RevokeOnce {
  return async ({ id, status }, revocation, requestId) => {
    const start = { accreditationId: id, status };
    const startWorkflowOperation = new WithStartWorkflowOperation<Workflow>('accreditation', {
      ...accreditationOptions(start),
      args: [start],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    });
    const options = { startWorkflowOperation, args: [revocation] as [typeof revocation], updateId: requestId };
    const send = () => client.workflow.executeUpdateWithStart(accreditationMessages.revoke.update, options);
    try {
      await client.withDeadline(Date.now() + WAIT_MS, send);
    } catch (error) {
      if (isOver(error)) return 'done';
      // It may have ended with this very message, whose answer was lost.
      if (!(await wasAccreditationRecorded(store, id, requestId))) throw error;
    }
    onRevoked(id);
    return 'done';
  };
}

/** There is nothing to revoke any more. */
function isOver(error: unknown): boolean {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure && cause.type === 'Conflict';
}
