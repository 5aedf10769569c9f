import { isMessageId } from '../../domain/checks.ts';
import { openCalls, recordCall } from '../../store/notifications/calls.ts';
import type { ApiContext } from '../context.ts';
import { Problem, problems } from '../http/errors.ts';
import { recallRequest } from '../http/idempotency.ts';
import { cursors, decodeCursor, listQuery, page } from '../http/paging.ts';
import { route } from '../http/route.ts';
import { callItem, callsAnswer } from './answers.ts';
import { callRecordSchema } from './requests.ts';

const callers = ['clerk', 'supervisor'] as const;

/** Calls (电话告知) to people whom no 短信 reaches. */
export function callRoutes({ store, now }: ApiContext) {
  return [
    route({
      method: 'get',
      path: '/v1/calls',
      summary: '待打电话:短信没有送到的申请人',
      roles: callers,
      query: listQuery,
      answers: { 200: { description: 'Those that wait longest first', schema: callsAnswer } },
      async handle({ query: { cursor, limit }, user }) {
        const ended = decodeCursor(cursor, cursors.calls);
        const open = await openCalls(store, { after: ended && { since: ended[0], id: ended[1] }, limit });
        return { status: 200, body: page(open, limit, ({ since, id }) => [since, id], (one) => callItem(user, one)) };
      },
    }),
    route({
      method: 'post',
      path: '/v1/calls/{id}/record',
      summary: '登记电话告知结果',
      roles: callers,
      body: callRecordSchema,
      idempotent: true,
      answers: { 204: { description: 'Taken down; a call that reached nobody stays to be made' } },
      async handle({ request, params, body, user, response }) {
        const id = params.id as string;
        const { keyed, remembered } = await recallRequest(store, request, user.subject);
        const record = { ...body, by: user.subject, at: now(), request: keyed };
        const became = remembered ? 'recorded' : isMessageId(id) && (await recordCall(store, id, record));
        if (!became) throw problems.notFound();
        if (became === 'done')
          throw new Problem(409, 'call-done', '这个电话已经办结,或者不用再打,请刷新“待打电话”列表。');
        response.status(204).end();
        return undefined;
      },
    }),
  ];
}
