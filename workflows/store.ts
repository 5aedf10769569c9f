import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { AbsenceActivities, DigestActivities, StoreActivities } from '../activities/contract.ts';

const retry = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '60s' } as const;

/**
 * The store is ours and nearby, so its activities are local: one event instead of three, no round trip. While it is down they
 * are tried for ever, and after one second the wait becomes a timer of the workflow's, which frees the worker's slot.
 */
const local = proxyLocalActivities<StoreActivities & AbsenceActivities & Pick<DigestActivities, 'findDigestReaders'>>({
  startToCloseTimeout: '30s',
  localRetryThreshold: '1s',
  retry,
});

/** What was decided is durable before it is written down, and stays to be read in the history. */
const ordinary = proxyActivities<Pick<StoreActivities, 'record' | 'recordAccreditation'>>({
  startToCloseTimeout: '30s',
  retry,
});

export const store: typeof local = new Proxy(local, {
  get: (all, name) => Reflect.get(name === 'record' || name === 'recordAccreditation' ? ordinary : all, name),
});
