import { type Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { application } from '../workflows/index.ts';
import { type ApplicationStart, applicationOptions } from '../workflows/messages.ts';

/** How long a request waits for Temporal before it answers without it. */
export const TEMPORAL_WAIT_MS = 5_000;

/** Starts a case's workflow, or does nothing if it has been started: the workflow id is the acceptance number. */
export async function startApplication(temporal: Client, start: ApplicationStart): Promise<void> {
  try {
    await temporal.withDeadline(Date.now() + TEMPORAL_WAIT_MS, () =>
      temporal.workflow.start<typeof application>('application', {
        ...applicationOptions(start),
        args: [start],
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
