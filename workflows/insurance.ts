import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { InsuranceActivities } from '../activities/contract.ts';

/** The insurance core may be down for days; who asks waits, and goes on by itself soon after it is back. */
export const insurance = proxyActivities<InsuranceActivities>({
  startToCloseTimeout: '60s', // a few questions of 10 s each, and our own store
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '60s' },
});

/**
 * The question for eligibility only reads, so it may be asked within the workflow's first task: one event, no round trip. A core that doesn't answer
 * within that time is asked by an ordinary activity.
 */
export const inPassing = proxyLocalActivities<Pick<InsuranceActivities, 'assess'>>({
  startToCloseTimeout: '2s',
  scheduleToCloseTimeout: '2s',
  retry: { maximumAttempts: 1 },
});
