import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type {
  AbsenceActivities,
  BriefingActivities,
  CarryingActivities,
  InsuranceActivities,
  StoreActivities,
} from '../activities/contract.ts';

/** Recording takes milliseconds, and what follows no more than some seconds; longer, and the worker has died. */
export const carrying = proxyActivities<CarryingActivities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** The insurance core may be down for days; who asks waits, and goes on by itself soon after it is back. */
export const insurance = proxyActivities<InsuranceActivities>({
  startToCloseTimeout: '60s', // a few questions of 10 s each, and our own store
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '60s' },
});

/**
 * What is only read from the store, which is ours and nearby: one event, no round trip. Repeated it hurts nobody, as a
 * local activity may be. While the store is down it is tried for ever, and after one second the wait becomes a timer of
 * the workflow's, which frees the worker's slot.
 */
export const reads = proxyLocalActivities<
  Pick<StoreActivities, 'readSchedule' | 'readMilestones' | 'readAccreditation' | 'findUnheard' | 'nextDeliveryStep'> &
    Pick<AbsenceActivities, 'findCasesOfAbsent'> &
    Pick<BriefingActivities, 'findBriefingReaders'>
>({
  startToCloseTimeout: '30s',
  localRetryThreshold: '1s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '60s' },
});
