import { inbox } from '../../store/messages.ts';
import { inboxAnswer } from '../answers-messages.ts';
import type { ApiContext } from '../context.ts';
import { route } from '../route.ts';

const LATEST = 100;

/** `GET /v1/inbox`: the applicant's APP messages. */
export function inboxRoutes({ store }: ApiContext) {
  return [
    route({
      method: 'get',
      path: '/v1/inbox',
      summary: 'APP 消息,最新的在前',
      roles: ['applicant'],
      answers: { 200: { description: 'The latest messages', schema: inboxAnswer } },
      handle: async ({ user }) => ({ status: 200, body: { items: await inbox(store, user.subject, LATEST) } }),
    }),
  ];
}
