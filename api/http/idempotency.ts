import type { Request } from 'express';
import { findRequest, type RememberedRequest } from '../../store/idempotency/requests.ts';
import type { Store } from '../../store/open.ts';
import { Problem, problems } from './errors.ts';
import { paramsOf } from './requests.ts';
import { z } from './zod.ts';

/** An `Idempotency-Key`: visible ASCII. */
export const keySchema = z
  .string()
  .max(200)
  .regex(/^[\x21-\x7e]+$/);

/** The request's `Idempotency-Key`, if it carries one. */
export function keyOf(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  if (key !== undefined && !keySchema.safeParse(key).success) {
    throw problems.invalid([
      { field: 'Idempotency-Key', code: 'invalid', detail: '请求标识有误:应为 1 至 200 个可见字符。' },
    ]);
  }
  return key;
}

/** A request's `Idempotency-Key`, and the earlier request with the same key, if there was one. */
interface KeyedRequest {
  /** Undefined for a request without a key. */
  keyed: { key: string; bodyHash: string } | undefined;
  remembered: RememberedRequest | undefined;
}

/**
 * Looks a request up by its key.
 * @throws Problem 422 where the key can't be one, or was used for something else
 */
export async function recallRequest(store: Store, request: Request, subject: string): Promise<KeyedRequest> {
  const key = keyOf(request);
  if (key === undefined) return { keyed: undefined, remembered: undefined };
  const bodyHash = hashOf(store, request);
  const remembered = await findRequest(store, subject, key);
  if (remembered) assertSameRequest(remembered, bodyHash);
  return { keyed: { key, bodyHash }, remembered };
}

/**
 * Waits for some work for a request.
 * @returns its result; undefined if it failed while another request with the same key came in, whose effect may be the
 * reason: then the caller looks the request up again
 */
export async function unlessRepeated<Result>(
  store: Store,
  subject: string,
  keyed: KeyedRequest['keyed'],
  work: Promise<Result>,
): Promise<Result | undefined> {
  return work.catch(async (problem) => {
    if (!keyed || !(await findRequest(store, subject, keyed.key))) throw problem;
    return undefined;
  });
}

/**
 * Hash of what a request asks for: method, path and body. The same key with another hash is a mistake of the caller's.
 */
function hashOf({ keyring }: Store, request: Request): string {
  const { method, route, body } = request;
  return keyring.hash(JSON.stringify([method, route.path, paramsOf(request), body]));
}

/** @throws Problem 422 where the key was used for something else */
export function assertSameRequest(remembered: RememberedRequest, bodyHash: string): void {
  if (remembered.bodyHash !== bodyHash) {
    throw new Problem(422, 'idempotency-key-reused', '这个请求标识已用于另一项提交,请换一个后重试。');
  }
}
