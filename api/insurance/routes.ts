import { createHmac, timingSafeEqual } from 'node:crypto';
import express, { type Request } from 'express';
import { z } from 'zod';
import { accreditationsOf } from '../../store/accreditations/queries.ts';
import { isOver, revokeAccreditation } from '../accreditations/revoke.ts';
import type { ApiContext } from '../context.ts';
import { problems } from '../http/errors.ts';
import { dateSchema } from '../http/requests.ts';
import { fieldErrors, route } from '../http/route.ts';
import { hasNoWorkflow } from '../http/temporal-errors.ts';
import { idNumberSchema } from '../people/requests.ts';
import { updateId } from '../send.ts';

/**
 * What the insurance core tells by itself: `personChanged` of
 * activities/insurance/adapters/insurance-core.openapi.yaml.
 */
const personChanged = z.object({
  eventId: z.string().min(1).max(100),
  idNumber: idNumberSchema,
  event: z.enum(['deceased', 'movedAway']),
  on: dateSchema,
});

const reasons = { deceased: '参保人已死亡', movedAway: '参保关系已转出' };

/**
 * `POST /v1/hooks/insurance-core`: on the core's word that a person has died or is insured elsewhere, what was granted
 * is revoked.
 */
export function hookRoutes({ store, temporal, insuranceHookSecret }: ApiContext) {
  return [
    route({
      method: 'post',
      path: '/v1/hooks/insurance-core',
      summary: '医保核心系统通知:参保人死亡、参保关系转出',
      roles: [],
      before: express.raw({ type: () => true, limit: '16kb' }),
      answers: { 204: { description: 'Heard; sent again, it changes nothing' } },
      async handle({ request, response }) {
        const { eventId, idNumber, event } = read(request, insuranceHookSecret);
        for (const row of await accreditationsOf(store, idNumber)) {
          const payload = { by: 'insurance-core', cause: event, reason: reasons[event] };
          await revokeAccreditation(temporal, row, payload, updateId('insurance-core', row.id, eventId)).catch(
            (error) => {
              if (hasNoWorkflow(error)) throw problems.unavailable(error);
              // Revoked a moment ago, by somebody else or by this event.
              if (!isOver(error)) throw error;
            },
          );
        }
        response.status(204).end();
        return undefined;
      },
    }),
  ];
}

/** @throws Problem 401 without the core's signature, 422 for a body that isn't as described */
function read(request: Request, secret: string | undefined): z.infer<typeof personChanged> {
  const body: Buffer = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const given = Buffer.from(request.get('x-signature') ?? '');
  const expected = Buffer.from(
    createHmac('sha256', secret ?? '')
      .update(body)
      .digest('hex'),
  );
  const signed = secret !== undefined && given.length === expected.length && timingSafeEqual(given, expected);
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
