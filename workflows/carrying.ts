import { proxyActivities } from '@temporalio/workflow';
import type { CarryingActivities } from '../activities/contract.ts';

/** Recording takes milliseconds, and what follows no more than some seconds; longer, and the worker has died. */
export const carrying = proxyActivities<CarryingActivities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
});
