import { proxyActivities } from '@temporalio/workflow';
import type { InsuranceActivities } from '../../activities/contract.ts';

/** The insurance core may be down for days; who asks waits, and goes on by itself soon after it is back. */
export const insurance = proxyActivities<InsuranceActivities>({
  startToCloseTimeout: '60s', // a few questions of 10 s each, and our own store
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '60s' },
});
