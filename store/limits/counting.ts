import { lt, or, sql } from 'drizzle-orm';
import { RateLimiterDrizzle, RateLimiterRes } from 'rate-limiter-flexible';
import type { Store } from '../open.ts';
import { limitCount } from './tables.ts';

/** So many times within so many seconds; `name` tells it from other limits. */
export interface Limit {
  name: string;
  most: number;
  seconds: number;
}

/** Counts something that somebody (`key`) does. @returns 0 while it may be done, else the milliseconds to wait */
export type Count = (limit: Limit, key: string, times?: number) => Promise<number>;

/**
 * Counts in the database, for all processes of the api together. A process that was told once that a key has used its
 * limit up doesn't ask again until that is over: whoever floods us doesn't flood the database.
 */
export function countingIn(store: Store): Count {
  const limiters = new Map<string, RateLimiterDrizzle>();
  const limiterOf = ({ name, most, seconds }: Limit) => {
    // A policy that comes into force later may count otherwise.
    const key = `${name} ${most} ${seconds}`;
    const limiter =
      limiters.get(key) ??
      new RateLimiterDrizzle({
        storeClient: store.db,
        schema: limitCount,
        keyPrefix: name,
        points: most,
        duration: seconds,
        inMemoryBlockOnConsumed: most + 1,
        clearExpiredByTimeout: false,
      });
    limiters.set(key, limiter);
    return limiter;
  };
  return async (limit, key, times = 1) => {
    try {
      await limiterOf(limit).consume(key, times);
      return 0;
    } catch (error) {
      if (error instanceof RateLimiterRes) return Math.max(1, error.msBeforeNext);
      throw error;
    }
  };
}

/** Deletes what isn't counted any more. @param now instant */
export async function forgetCounts({ db }: Store, now: string): Promise<void> {
  await db.delete(limitCount).where(lt(limitCount.expire, new Date(now)));
}

/** Forgets what was counted of somebody who is erased. @param keys whose, as they were counted (`api/http/limits.ts`) */
export async function forgetCountsOf({ db }: Store, keys: string[]): Promise<void> {
  const ends = keys.map((key) => sql`right(${limitCount.key}, length(${key})) = ${key}`);
  await db.delete(limitCount).where(or(sql`false`, ...ends));
}
