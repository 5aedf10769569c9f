import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { problems } from '../http/errors.ts';
import { dateSchema } from '../http/requests.ts';
import { fieldErrors } from '../http/route.ts';
import { idNumberSchema } from '../people/requests.ts';

/**
 * What the insurance core reports unasked: `personChanged` of
 * activities/insurance/adapters/insurance-core.openapi.yaml.
 */
const personChanged = z.object({
  eventId: z.string().min(1).max(100),
  idNumber: idNumberSchema,
  event: z.enum(['deceased', 'movedAway']),
  on: dateSchema,
});

/** @throws Problem 401 without the core's signature, 422 for a body that isn't as described */
export function readChange(request: Request, secret: string | undefined): z.infer<typeof personChanged> {
  const body: Buffer = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const signature = Buffer.from(request.get('x-signature') ?? '');
  const expected = Buffer.from(
    createHmac('sha256', secret ?? '')
      .update(body)
      .digest('hex'),
  );
  const signed = secret !== undefined && signature.length === expected.length && timingSafeEqual(signature, expected);
  if (!signed) throw problems.unauthenticated();
  const parsed = personChanged.safeParse(parse(body));
  if (!parsed.success) throw problems.invalid(fieldErrors(parsed.error));
  return parsed.data;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
