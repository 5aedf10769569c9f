import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, proxyLocalActivities, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import type { StoreActivities } from '../activities/contract.ts';
import { application } from './application.ts';
import { applicationOptions } from './messages.ts';

/** A run that fails is followed by the Schedule's next one, so it gives up soon. */
const store = proxyLocalActivities<StoreActivities>({ startToCloseTimeout: '30s', retry: { maximumAttempts: 3 } });

const findUnstarted = () =>
  store.findUnstarted.executeWithOptions({ summary: '查找未启动的申请' }, [{ now: new Date().toISOString() }]);

/**
 * Starts the workflows of applications that were filed but never started, because the api died between the two. Run by a
 * Schedule.
 * @returns how many it started
 */
export async function reconcile(): Promise<number> {
  let started = 0;
  for (const start of await findUnstarted()) {
    try {
      await startChild(application, {
        ...applicationOptions(start),
        args: [start],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      });
      started += 1;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
  return started;
}
