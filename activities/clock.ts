import { activityInfo } from '@temporalio/activity';
import type { Clock } from '../domain/dates.ts';

/**
 * Now (instant), as the workflow that asked sees it: the clock of Temporal's server runs ahead of this process's where a test or a simulation
 * skips time.
 */
export function workflowNow(now: Clock): string {
  return new Date(Math.max(Date.parse(now()), activityInfo().currentAttemptScheduledTimestampMs)).toISOString();
}

/** When this activity was asked for (instant): the same for all its tries, so that what one of them has dated the next one knows again. */
export function askedAt(): string {
  return new Date(activityInfo().scheduledTimestampMs).toISOString();
}

/** A start is taken for lost when nothing is there of it this long after it was written down. */
const START_GRACE_MS = 30_000;

/** @returns the instant before which what has no workflow at `now` (instant) must have been written down */
export function lostBefore(now: string): string {
  return new Date(Date.parse(now) - START_GRACE_MS).toISOString();
}
