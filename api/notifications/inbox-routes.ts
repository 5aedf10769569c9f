import { inbox } from '../../store/notifications/queries.ts';
import type { ApiContext } from '../context.ts';
import { cursors, decodeCursor, listQuery, page } from '../http/paging.ts';
import { route } from '../http/route.ts';
import { type InboxItem, inboxAnswer } from './answers.ts';

/** `GET /v1/inbox`: the applicant's APP messages. */
export function inboxRoutes({ store }: ApiContext) {
  return [
    route({
      method: 'get',
      path: '/v1/inbox',
      summary: 'APP 消息,最新的在前',
      roles: ['applicant'],
      query: listQuery,
      answers: { 200: { description: 'Newest first', schema: inboxAnswer } },
      async handle({ user, query: { cursor, limit } }) {
        const ended = decodeCursor(cursor, cursors.inbox);
        const after = ended && { createdAt: ended[0], id: ended[1] };
        const rows = await inbox(store, { submittedBy: user.subject, after, limit });
        return { status: 200, body: page(rows, limit, ({ createdAt, id }) => [createdAt, id], (row): InboxItem => row) };
      },
    }),
  ];
}
