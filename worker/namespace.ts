import { Client, type ConnectionLike, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import type { NativeConnection } from '@temporalio/worker';
import { receipts, reconcile } from '../workflows/index.ts';
import { searchAttributes, taskQueue } from '../workflows/messages.ts';

/**
 * Makes the search attributes known to a namespace; adding one that exists changes nothing. The dev server, the tests and the
 * production cluster all get them from here.
 */
export async function ensureSearchAttributes(
  { operatorService }: Pick<NativeConnection, 'operatorService'>,
  namespace: string,
): Promise<void> {
  const types = Object.values(searchAttributes).map(({ name, type }) => {
    return [name, encodeSearchAttributeIndexedValueType(type) as number] as const;
  });
  await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(types) });
}

/**
 * The Schedules that start what was filed but never started, and ask for receipts; every worker may ask for them, one creates them.
 */
export async function ensureSchedules(connection: ConnectionLike, namespace: string): Promise<void> {
  const { schedule } = new Client({ connection, namespace });
  for (const [scheduleId, workflowType] of Object.entries({ reconcile, receipts })) {
    const action = {
      type: 'startWorkflow' as const,
      workflowType,
      taskQueue,
      workflowRunTimeout: '10 minutes' as const,
    };
    const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' as const };
    const wanted = { scheduleId, spec: { intervals: [{ every: '1 minute' as const }] }, policies, action };
    await schedule.create(wanted).catch((error) => {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    });
  }
}
