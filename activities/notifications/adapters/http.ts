import type { Clock } from '../../../domain/dates.ts';

/** Codes of Node's for a request that never left: no connection came about. */
export const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * What a Retry-After header asks for: seconds, or an HTTP date (RFC 9110, 10.2.3).
 * @returns milliseconds from now; undefined where there is nothing to wait for, or no sense in it
 */
export function retryAfterMs(header: string | undefined, now: Clock): number | undefined {
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header ?? '') - Date.parse(now()) : seconds * 1000;
  return wait > 0 ? wait : undefined;
}
