import { getTableName, like, lt } from 'drizzle-orm';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Database, Store, Transaction } from '../open.ts';
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
  const limiters = new Map<string, RateLimiterPostgres>();
  const limiterOf = ({ name, most, seconds }: Limit) => {
    // A policy that comes into force later may count otherwise.
    const key = `${name} ${most} ${seconds}`;
    const limiter =
      limiters.get(key) ??
      new RateLimiterPostgres({
        storeClient: store.pool,
        tableName: getTableName(limitCount),
        tableCreated: true,
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

/** Deletes what is counted of a person or a phone. @param hash keyed hash of the ID number or the phone */
export async function forgetCountsOf(db: Database | Transaction, hash: string): Promise<void> {
  await db.delete(limitCount).where(like(limitCount.key, `%:${hash}`));
}

/** Deletes what isn't counted any more. @param now instant */
export async function forgetCounts({ db }: Store, now: string): Promise<void> {
  await db.delete(limitCount).where(lt(limitCount.expire, Date.parse(now)));
}
