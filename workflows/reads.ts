import { proxyLocalActivities } from '@temporalio/workflow';
import type { AbsenceActivities, DigestActivities, StoreActivities } from '../activities/contract.ts';

/**
 * What is only read from the store, which is ours and nearby: one event, no round trip. Repeated it hurts nobody, as a local activity may be. While
 * the store is down it is tried for ever, and after one second the wait becomes a timer of the workflow's, which frees the worker's slot.
 */
export const reads = proxyLocalActivities<
  Pick<StoreActivities, 'readSchedule' | 'readMilestones' | 'readAccreditation' | 'findUnheard' | 'nextDeliveryStep'> &
    Pick<AbsenceActivities, 'findCasesOfAbsent'> &
    Pick<DigestActivities, 'findDigestReaders'>
>({
  startToCloseTimeout: '30s',
  localRetryThreshold: '1s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '60s' },
});
