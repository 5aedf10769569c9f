import { rolesFor } from '../../domain/cases/access.ts';
import { isStaff } from '../../domain/staff/roles.ts';
import { findAccreditation, listAccreditations } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import type { ApiContext } from '../context.ts';
import { aboutAll, onAccreditation, only } from '../http/access.ts';
import { keyOf } from '../http/idempotency.ts';
import { cursors, decodeCursor, page } from '../http/paging.ts';
import { route } from '../http/route.ts';
import { updateId } from '../send.ts';
import { accreditationAnswer, accreditationListAnswer, accreditationView } from './answers.ts';
import { accreditationsQuery, revocationSchema } from './requests.ts';
import { revokeOnce } from './revoke.ts';
import { accreditationSummary } from './summary.ts';

/** Accreditations: applicants see their own, staff see all, and a supervisor revokes them. */
export function accreditationRoutes(context: ApiContext) {
  const { store } = context;
  return [
    route({
      method: 'get',
      path: '/v1/accreditations',
      operationId: 'listAccreditations',
      summary: '我的门特认定;工作人员看全部',
      access: only(...rolesFor.see),
      audit: { action: 'read', kind: 'accreditation', part: 'list' },
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
        return {
          status: 200,
          body: page(rows, limit, ends, (row) => accreditationSummary(context, row)),
          about: aboutAll(rows, user),
        };
      },
    }),
    route({
      method: 'get',
      path: '/v1/accreditations/{accreditationId}',
      operationId: 'readAccreditation',
      summary: '一项门特认定及其经过',
      access: onAccreditation('see'),
      audit: { action: 'read', kind: 'accreditation', part: 'details' },
      answers: { 200: { description: 'The accreditation', schema: accreditationAnswer } },
      handle: async ({ found, user }) => ({ status: 200, body: await accreditationView(context, found, user) }),
    }),
    route({
      method: 'post',
      path: '/v1/accreditations/{accreditationId}/revoke',
      operationId: 'revokeAccreditation',
      summary: '撤销认定',
      access: onAccreditation('revoke'),
      refusals: ['conflict'],
      audit: { action: 'change', kind: 'accreditation', part: 'revoke' },
      body: revocationSchema,
      example: { reason: '提交的材料不真实' },
      idempotent: true,
      answers: {
        200: { description: 'Revoked; the insurance core hears of it', schema: accreditationAnswer },
        202: { description: 'Accepted; it shows soon', schema: accreditationAnswer },
      },
      async handle({ request, found: row, body: { reason }, user }) {
        const id = updateId(user.subject, row.id, 'revoke', keyOf(request) ?? reason);
        const sent = await revokeOnce(context, row, { by: user.subject, cause: 'office', reason }, id);
        const fresh = (await findAccreditation(store, row.id)) as AccreditationRow;
        return { status: sent === 'done' ? 200 : 202, body: await accreditationView(context, fresh, user) };
      },
    }),
  ];
}
