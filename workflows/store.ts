import { proxyLocalActivities } from '@temporalio/workflow';
import type { AbsenceActivities, DigestActivities, StoreActivities } from '../activities/contract.ts';

/**
 * The store is ours and nearby, so its activities are local: one event instead of three, no round trip. While it is down they
 * are tried for ever, and after one second the wait becomes a timer of the workflow's, which frees the worker's slot.
 */
export const store = proxyLocalActivities<
  StoreActivities & AbsenceActivities & Pick<DigestActivities, 'findDigestReaders'>
>({
  startToCloseTimeout: '30s',
  localRetryThreshold: '1s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '60s' },
});
