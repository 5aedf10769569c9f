import { CancellationScope } from '@temporalio/workflow';

/**
 * Runs what a cancellation from Temporal Web, mostly a slip of the hand, must not end: nobody would take it up again,
 * and somebody waits for it. Whoever means it terminates the workflow, and housekeeping then begins it again where
 * there is something left to do.
 */
export function uncancellable<T>(run: () => Promise<T>): Promise<T> {
  return CancellationScope.nonCancellable(run);
}
