import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, WorkflowIdReusePolicy } from '@temporalio/workflow';

/** What is started so goes on by itself. */
export const apart = { parentClosePolicy: ParentClosePolicy.ABANDON };

/** So is what is started once and for all, however it ended. */
export const onceApart = { ...apart, workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE };

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

/** Starts one after the other. @returns how many hadn't been started already */
export async function startEach<Start>(starts: Start[], start: (one: Start) => Promise<unknown>): Promise<number> {
  let started = 0;
  for (const one of starts) if (await isNew(start(one))) started += 1;
  return started;
}
