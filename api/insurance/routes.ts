import express from 'express';
import { shanghaiDate } from '../../domain/dates.ts';
import { keepEvent, type RevokeOnce, settleEvents } from '../../store/insurance/events.ts';
import { isOver, revokeOnce } from '../accreditations/revoke.ts';
import type { ApiContext } from '../context.ts';
import { signed } from '../http/access.ts';
import { Problem } from '../http/errors.ts';
import { route } from '../http/route.ts';
import { personChanged, readEvent, signatureHeaders } from './requests.ts';

/**
 * `POST /v1/hooks/insurance-core`: when the core reports that a person has died or is insured elsewhere, the person's
 * accreditations that had begun by then are revoked. The report is written down first; where the rest fails,
 * housekeeping does it.
 */
export function hookRoutes(context: ApiContext) {
  const { store, insuranceHookSecret, now } = context;

  const revoke: RevokeOnce = (row, revocation, requestId) =>
    revokeOnce(context, row, revocation, requestId).catch((error) => {
      // By somebody else, or by an event that happened earlier.
      if (isOver(error)) return 'done';
      throw error;
    });

  return [
    route({
      method: 'post',
      path: '/v1/hooks/insurance-core',
      operationId: 'receiveCoreEvent',
      summary: '医保核心系统通知:参保人死亡、参保关系转出',
      access: signed,
      refusals: ['unauthenticated', 'event-id-reused'],
      audit: null,
      before: express.raw({ type: () => true, limit: '16kb' }),
      headers: signatureHeaders,
      documentedBody: personChanged,
      answers: { 204: { description: 'Taken, now or before; sent again, it changes nothing' } },
      async handle({ request }) {
        const at = now();
        const event = readEvent(request, insuranceHookSecret, at);
        if (!(await keepEvent(store, event, at))) {
          throw new Problem(409, 'event-id-reused', '该事件编号已用于内容不同的通知,请核对内容,新的通知请用新的编号。');
        }
        await settleEvents(store, store.keyring.hash(event.idNumber), { today: shanghaiDate(at), at }, revoke);
        return { status: 204 };
      },
    }),
  ];
}
