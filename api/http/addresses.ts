import type { RequestHandler } from 'express';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { countingIn } from '../../store/limits/counting.ts';
import type { ApiContext } from '../context.ts';
import { codeOf, problems } from './errors.ts';
import { counterKey } from './limits.ts';

/**
 * After so many requests of an address a process tells the others of them. Most addresses never get there, so they cost
 * no query; and it errs by so many requests for each process.
 */
const TOLD_AT_ONCE = 25;

/** Probes must not fail where many share an address; receipts and events come from few, and are signed. */
const unlimited = /^\/(healthz|readyz|metrics|v1\/hooks\/)/;

const detail = '访问过于频繁,请稍后再试。';

/**
 * Limits the requests of an address in a minute, for all processes of the api together. It fails open: while the
 * database is down each process still counts for itself, and what needs the database is refused anyway.
 * @param most requests
 */
export function limitAddresses({ store, log }: ApiContext, most: number): RequestHandler {
  const own = new RateLimiterMemory({ points: most, duration: 60 });
  const count = countingIn(store);
  async function tell(key: string): Promise<void> {
    try {
      // Hashed only here: most addresses never get there.
      const wait = await count({ name: 'requests', most, seconds: 60 }, store.keyring.hash(key), TOLD_AT_ONCE);
      if (wait > 0) await own.block(key, Math.ceil(wait / 1000));
    } catch (error) {
      log.warn({ code: codeOf(error) }, 'requests are counted by each process alone');
    }
  }
  return async (request, _, next) => {
    if (unlimited.test(request.path)) return next();
    const key = counterKey(store, { address: request });
    try {
      const { consumedPoints } = await own.consume(key);
      if (consumedPoints % TOLD_AT_ONCE === 0) void tell(key);
    } catch (refusal) {
      throw problems.tooMany(detail, Math.ceil((refusal as RateLimiterRes).msBeforeNext / 1000));
    }
    next();
  };
}
