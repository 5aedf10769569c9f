import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { type HousekeepingProgress, housekeepingQueue } from '../../../workflows/messages.ts';

/** What housekeeping does in a minute, once. @returns how much it has mended */
export async function keepHouse({ workflow }: Client): Promise<number> {
  const options = { taskQueue: housekeepingQueue, workflowId: `housekeeping-${randomUUID()}`, args: [{ passes: 1 }] };
  const progress: HousekeepingProgress = await workflow.execute('housekeeping', options);
  if (progress.failed > 0) throw new Error(`${progress.failed} activities of housekeeping failed`);
  return progress.mended;
}
