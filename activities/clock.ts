import { activityInfo } from '@temporalio/activity';

/**
 * Now (instant), as the workflow that asked sees it: the clock of Temporal's server runs ahead of this process's where a test or a simulation
 * skips time.
 */
export function now(): string {
  return new Date(Math.max(Date.now(), activityInfo().currentAttemptScheduledTimestampMs)).toISOString();
}
