import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy } from '@temporalio/workflow';

/** What is started so goes on by itself. */
export const apart = { parentClosePolicy: ParentClosePolicy.ABANDON };

/** @returns false where it had been started already */
export async function isNew(start: Promise<unknown>): Promise<boolean> {
  try {
    await start;
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return false;
  }
}
