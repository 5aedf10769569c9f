import { Client, type ConnectionLike, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import type { NativeConnection } from '@temporalio/worker';
import { reconcile } from '../workflows/index.ts';
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

/** The Schedule that starts what was filed but never started; every worker may ask for it, one creates it. */
export async function ensureReconcileSchedule(connection: ConnectionLike, namespace: string): Promise<void> {
  const client = new Client({ connection, namespace });
  try {
    await client.schedule.create({
      scheduleId: 'reconcile',
      spec: { intervals: [{ every: '1 minute' }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      action: { type: 'startWorkflow', workflowType: reconcile, taskQueue, workflowRunTimeout: '10 minutes' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
