import { getTableName, like, lt, sql } from 'drizzle-orm';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Database, Store, Transaction } from '../open.ts';
import { given, prepared } from '../prepared.ts';
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

/**
 * Counts one thing by several limits, in one statement where `countingIn` takes one for each.
 * @param now instant
 * @returns whether it may be done. If not, whether it was counted is open: who wants to know by which limit, and until
 * when, asks `countingIn` for one after the other
 */
export async function countTogether(
  { db }: Store,
  counted: { limit: Limit; key: string }[],
  now: string,
): Promise<boolean> {
  const at = Date.parse(now);
  const rows = await countAll(db, {
    keys: counted.map(({ limit, key }) => `${limit.name}:${key}`),
    most: counted.map(({ limit }) => limit.most),
    ends: counted.map(({ limit }) => at + limit.seconds * 1000),
    now: at,
  });
  const points = new Map(rows.map((row) => [row.key, row.points]));
  return counted.every(
    ({ limit, key }) => (points.get(`${limit.name}:${key}`) ?? Number.POSITIVE_INFINITY) <= limit.most,
  );
}

/** Of several counters each or, where one of them is used up, none; by the rules of the limiter's library. */
const countAll = prepared('limits counted together', (db) => {
  const { keys, most, ends, now } = given('keys', 'most', 'ends', 'now');
  const { key, points, expire } = limitCount;
  const isOver = sql`${expire} <= ${now}::bigint`;
  return db
    .insert(limitCount)
    .select(
      sql`
        select given.key, 1, given.ends from unnest(${keys}::text[], ${ends}::bigint[]) as given (key, ends)
        where not exists (
          select from ${limitCount} inner join unnest(${keys}::text[], ${most}::int[]) as bound (key, most)
          on bound.key = ${key} where ${expire} > ${now}::bigint and ${points} >= bound.most
        )`,
    )
    .onConflictDoUpdate({
      target: key,
      set: {
        points: sql`case when ${isOver} then 1 else ${points} + 1 end`,
        expire: sql`case when ${isOver} then excluded.expire else ${expire} end`,
      },
    })
    .returning({ key, points });
});

/** Deletes what is counted of a person or a phone. @param hash keyed hash of the ID number or the phone */
export async function forgetCountsOf(db: Database | Transaction, hash: string): Promise<void> {
  await db.delete(limitCount).where(like(limitCount.key, `%:${hash}`));
}

/** Deletes what isn't counted any more. @param now instant */
export async function forgetCounts({ db }: Store, now: string): Promise<void> {
  await db.delete(limitCount).where(lt(limitCount.expire, Date.parse(now)));
}
