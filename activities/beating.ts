import { Context } from '@temporalio/activity';

/** A few of them fit into the time after which housekeeping gives an activity up. */
const BEAT_MS = 4_000;

/**
 * Lets Temporal know, while something is done, that its process is alive. What a killed one has begun is then given up
 * within seconds, rather than when all its time is over.
 */
export async function beating<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
