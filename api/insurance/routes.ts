import express from 'express';
import { accreditationsOf } from '../../store/accreditations/queries.ts';
import { isOver, revokeAccreditation } from '../accreditations/revoke.ts';
import type { ApiContext } from '../context.ts';
import { signed } from '../http/access.ts';
import { problems } from '../http/errors.ts';
import { route } from '../http/route.ts';
import { hasNoWorkflow } from '../http/temporal-errors.ts';
import { updateId } from '../send.ts';
import { readChange } from './requests.ts';

const reasons = { deceased: '参保人已死亡', movedAway: '参保关系已转出' };

/**
 * `POST /v1/hooks/insurance-core`: when the core reports that a person has died or is insured elsewhere, the person's
 * accreditations are revoked.
 */
export function hookRoutes({ store, temporal, insuranceHookSecret }: ApiContext) {
  return [
    route({
      method: 'post',
      path: '/v1/hooks/insurance-core',
      summary: '医保核心系统通知:参保人死亡、参保关系转出',
      access: signed,
      audit: null,
      before: express.raw({ type: () => true, limit: '16kb' }),
      answers: { 204: { description: 'Heard; sent again, it changes nothing' } },
      async handle({ request, response }) {
        const { eventId, idNumber, event } = readChange(request, insuranceHookSecret);
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
