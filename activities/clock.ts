import { activityInfo } from '@temporalio/activity';
import type { Clock } from '../domain/dates.ts';

/**
 * Now (instant), as the workflow that asked sees it: where a test or a simulation skips time, the clock of Temporal's
 * server runs ahead of this process's.
 */
export function workflowNow(now: Clock): string {
  return new Date(Math.max(Date.parse(now()), activityInfo().currentAttemptScheduledTimestampMs)).toISOString();
}

/**
 * When this activity was asked for (instant). It is the same for all tries, so a later try recognises what an earlier
 * one has dated.
 */
export function askedAt(): string {
  return new Date(activityInfo().scheduledTimestampMs).toISOString();
}

/** How long after a row was written its workflow may still be missing; from then on its start counts as lost. */
const START_GRACE_MS = 30_000;

/** @returns the instant before which what has no workflow at `now` (instant) must have been written down */
export function lostBefore(now: string): string {
  return new Date(Date.parse(now) - START_GRACE_MS).toISOString();
}
