import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { shanghaiDate } from '../../domain/dates.ts';
import { coreEventKinds } from '../../domain/vocabulary.ts';
import type { CoreEvent } from '../../store/insurance/events.ts';
import { Problem, problems } from '../http/errors.ts';
import { dateSchema, line } from '../http/requests.ts';
import { fieldErrors } from '../http/route.ts';
import { z } from '../http/zod.ts';
import { idNumberSchema } from '../people/requests.ts';

/** How far the time of a signature may be from ours, either way. */
const SIGNED_WITHIN_MS = 5 * 60_000;

/** What tells that the core has sent a body, and when. */
export const signatureHeaders = z.object({
  'X-Timestamp': z
    .string()
    .max(12)
    .regex(/^\d{1,12}$/)
    .openapi({ description: 'When it is signed: seconds since 1970, at most five minutes from our clock' }),
  'X-Signature': z
    .string()
    .max(64)
    .regex(/^[0-9a-f]{64}$/)
    .openapi({
      description: 'HMAC-SHA256 of the timestamp, a full stop and the bytes of the body, keyed with the shared secret',
    }),
});

/**
 * What the insurance core reports unasked: `personChanged` of
 * activities/insurance/adapters/insurance-core.openapi.yaml.
 */
export const personChanged = z
  .object({
    eventId: line('事件编号 eventId', 200),
    idNumber: idNumberSchema,
    event: z.enum(coreEventKinds, `event 应为 ${coreEventKinds.join('、')} 之一`),
    on: dateSchema,
  })
  .openapi('PersonChanged');

/**
 * @param now instant
 * @throws Problem 401 without the core's signature of these minutes, 422 for a body that isn't as described
 */
export function readEvent(request: Request, secret: string | undefined, now: string): CoreEvent {
  const body: Buffer = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const signedAt = signedTime(request, body, secret);
  if (Math.abs(Date.parse(now) - signedAt) > SIGNED_WITHIN_MS) {
    throw new Problem(401, 'unauthenticated', '签名时间与本系统相差超过五分钟,请校准时钟,并以当前时间重新签名后发送。');
  }
  const parsed = personChanged.safeParse(parse(body) ?? {});
  if (!parsed.success) throw problems.invalid(fieldErrors(parsed.error));
  const { event: kind, on: happenedOn, ...told } = parsed.data;
  // Moving away can be known before its day; a death can't.
  if (kind === 'deceased' && happenedOn > shanghaiDate(new Date(signedAt).toISOString())) {
    throw problems.invalid([{ field: 'on', code: 'inFuture', detail: '死亡日期不能晚于今天,请核对。' }]);
  }
  return { ...told, kind, happenedOn };
}

/** @returns when the core has signed this (milliseconds since 1970). @throws Problem 401 where it hasn't */
function signedTime(request: Request, body: Buffer, secret: string | undefined): number {
  const timestamp = request.get('x-timestamp') ?? '';
  const signature = Buffer.from(request.get('x-signature') ?? '');
  const hmac = createHmac('sha256', secret ?? '')
    .update(`${timestamp}.`)
    .update(body);
  const expected = Buffer.from(hmac.digest('hex'));
  const signed = secret !== undefined && signature.length === expected.length && timingSafeEqual(signature, expected);
  if (!signed || !/^\d{1,12}$/.test(timestamp)) throw problems.unauthenticated();
  return Number(timestamp) * 1_000;
}

/** @returns undefined for what isn't JSON in UTF-8 */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
