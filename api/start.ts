import {
  type Client,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { type Workflow, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';

/** How long a request waits for Temporal before it answers without it. */
export const TEMPORAL_WAIT_MS = 5_000;

/** Starts a workflow, or does nothing if one with its id was ever started. */
export async function startOnce<T extends Workflow>(temporal: Client, type: string, options: WorkflowStartOptions<T>) {
  try {
    await temporal.withDeadline(Date.now() + TEMPORAL_WAIT_MS, () =>
      temporal.workflow.start<T>(type, {
        ...options,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
