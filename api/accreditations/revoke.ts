import { type Client, WithStartWorkflowOperation, WorkflowIdConflictPolicy } from '@temporalio/client';
import type { AccreditationMessages } from '../../domain/accreditations/messages.ts';
import { wasAccreditationRecorded } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import type { accreditation } from '../../workflows/index.ts';
import { accreditationMessages, accreditationOptions } from '../../workflows/messages.ts';
import type { ApiContext } from '../context.ts';
import { Problem, problems } from '../http/errors.ts';
import { hasNoWorkflow } from '../http/temporal-errors.ts';
import { type Sent, sendUpdate, waitForStage } from '../send.ts';

type Revocation = AccreditationMessages['revoke'];

const overAlready = () => new Problem(409, 'conflict', '该认定已撤销或已结束,不能再撤销。请刷新后查看。');

/**
 * Revokes, and does nothing more if a request with the same id has revoked it before.
 * @throws Problem 409 where there is nothing to revoke any more, 503 where it isn't known whether there is
 */
export async function revokeOnce(
  { store, temporal }: ApiContext,
  row: AccreditationRow,
  revocation: Revocation,
  id: string,
): Promise<Sent> {
  try {
    if (row.closed) throw overAlready();
    return await revokeAccreditation(temporal, row, revocation, id);
  } catch (error) {
    const refused = isOver(error);
    if (!refused && !hasNoWorkflow(error)) throw error;
    // The workflow may have been started anew since and have forgotten the request: the store remembers it.
    if (await wasAccreditationRecorded(store, row.id, id)) return 'done';
    throw refused ? error : problems.unavailable(error);
  }
}

/** Whether a revocation was refused because there is nothing to revoke any more. */
export const isOver = (error: unknown) => error instanceof Problem && error.status === 409;

/**
 * Revokes an accreditation. Where no workflow runs, it is started with the Update: an accreditation without an end has
 * none.
 * @param id of the Update
 * @returns and throws as `sendUpdate` does
 */
export function revokeAccreditation(
  temporal: Client,
  { id: accreditationId, status }: Pick<AccreditationRow, 'id' | 'status'>,
  revocation: Revocation,
  id: string,
): Promise<Sent> {
  const start = { accreditationId, status };
  const send = () => {
    const startWorkflowOperation = new WithStartWorkflowOperation<typeof accreditation>('accreditation', {
      ...accreditationOptions(start),
      args: [start],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    });
    const options = { startWorkflowOperation, args: [revocation] as [Revocation], updateId: id, waitForStage };
    return temporal.workflow.startUpdateWithStart(accreditationMessages.revoke.update, options);
  };
  return sendUpdate(temporal, send, overAlready);
}
