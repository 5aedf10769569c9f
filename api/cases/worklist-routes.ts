import { worklist } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/encryption/personal.ts';
import type { ApiContext } from '../context.ts';
import { caseStaff } from '../http/auth.ts';
import { cursors, decodeCursor, page } from '../http/paging.ts';
import { route } from '../http/route.ts';
import { worklistAnswer, worklistItem } from './answers.ts';
import { worklistQuery } from './requests.ts';

/** `GET /v1/worklist`: what the office has to do, most urgent first. */
export function worklistRoutes(context: ApiContext) {
  const { store } = context;
  return [
    route({
      method: 'get',
      path: '/v1/worklist',
      summary: '待办件,按办理期限排序',
      roles: caseStaff,
      query: worklistQuery,
      answers: {
        200: {
          description: 'By due date, first filed first; cases whose clock stands still come last',
          schema: worklistAnswer,
        },
      },
      async handle({ query: { cursor, limit, status, assignee, overdue } }) {
        const ended = decodeCursor(cursor, cursors.worklist);
        const after = ended && { dueOn: ended[0], submittedAt: ended[1], acceptanceNumber: ended[2] };
        const rows = await worklist(store, { status, assignee, overdue, after, limit });
        const ends = (last: ApplicationRow) => [last.dueOn, last.submittedAt, last.acceptanceNumber];
        return { status: 200, body: page(rows, limit, ends, (row) => worklistItem(context, row)) };
      },
    }),
  ];
}
