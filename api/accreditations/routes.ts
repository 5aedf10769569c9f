import { findAccreditation, listAccreditations } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import type { ApiContext } from '../context.ts';
import { isStaff, readers } from '../http/auth.ts';
import { keyOf } from '../http/idempotency.ts';
import { cursors, decodeCursor, page } from '../http/paging.ts';
import { route } from '../http/route.ts';
import { updateId } from '../send.ts';
import { visibleAccreditation } from './access.ts';
import { accreditationAnswer, accreditationListAnswer, accreditationSummary, accreditationView } from './answers.ts';
import { accreditationsQuery, revocationSchema } from './requests.ts';
import { revokeOnce } from './revoke.ts';

/** Accreditations: applicants see their own, staff see all, and a supervisor revokes them. */
export function accreditationRoutes(context: ApiContext) {
  const { store } = context;
  return [
    route({
      method: 'get',
      path: '/v1/accreditations',
      summary: '我的门特认定;工作人员看全部',
      roles: readers,
      query: accreditationsQuery,
      answers: { 200: { description: 'Newest first', schema: accreditationListAnswer } },
      async handle({ user, query: { cursor, limit, status } }) {
        const ended = decodeCursor(cursor, cursors.accreditations);
        const rows = await listAccreditations(store, {
          idNumberHash: isStaff(user) ? undefined : user.subject,
          status,
          after: ended && { createdAt: ended[0], id: ended[1] },
          limit,
        });
        const ends = ({ createdAt, id }: AccreditationRow) => [createdAt, id];
        return { status: 200, body: page(rows, limit, ends, (row) => accreditationSummary(context, row)) };
      },
    }),
    route({
      method: 'get',
      path: '/v1/accreditations/{accreditationId}',
      summary: '一项门特认定及其经过',
      roles: readers,
      answers: { 200: { description: 'The accreditation', schema: accreditationAnswer } },
      async handle({ params, user }) {
        const row = await visibleAccreditation(context, params.accreditationId as string, user);
        return { status: 200, body: await accreditationView(context, row, user) };
      },
    }),
    route({
      method: 'post',
      path: '/v1/accreditations/{accreditationId}/revoke',
      summary: '撤销认定',
      roles: ['supervisor'],
      body: revocationSchema,
      idempotent: true,
      answers: {
        200: { description: 'Revoked; the insurance core hears of it', schema: accreditationAnswer },
        202: { description: 'Accepted; it shows soon', schema: accreditationAnswer },
      },
      async handle({ request, params, body: { reason }, user }) {
        const row = await visibleAccreditation(context, params.accreditationId as string, user);
        const id = updateId(user.subject, row.id, 'revoke', keyOf(request) ?? reason);
        const sent = await revokeOnce(context, row, { by: user.subject, cause: 'office', reason }, id);
        const fresh = (await findAccreditation(store, row.id)) as AccreditationRow;
        return { status: sent === 'done' ? 200 : 202, body: await accreditationView(context, fresh, user) };
      },
    }),
  ];
}
