import { isAccreditationId } from '../../domain/accreditations/id.ts';
import { findAccreditation, listAccreditations, wasAccreditationRecorded } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import { accreditationAnswer, accreditationListAnswer } from '../answers.ts';
import type { ApiContext } from '../context.ts';
import { caseStaff, isStaff, type User } from '../http/auth.ts';
import { Problem, problems } from '../http/errors.ts';
import { keyOf } from '../http/idempotency.ts';
import { cursorAfter, cursors, decodeCursor } from '../http/paging.ts';
import { route } from '../http/route.ts';
import { hasNoWorkflow } from '../http/temporal-errors.ts';
import { accreditationsQuery, revocationSchema } from '../schemas.ts';
import { revokeAccreditation, updateId } from '../send.ts';
import { accreditationSummary, accreditationView } from './views.ts';

const readers = ['applicant', ...caseStaff] as const;

/** What was granted: one's own, or all for staff; and its revocation. */
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
          submittedBy: isStaff(user) ? undefined : user.subject,
          status,
          after: ended && { createdAt: ended[0], id: ended[1] },
          limit,
        });
        const nextCursor = cursorAfter(rows, limit, ({ createdAt, id }) => [createdAt, id]);
        return { status: 200, body: { items: rows.map((row) => accreditationSummary(context, row)), nextCursor } };
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
        const sent = await revoke(context, row, { by: user.subject, cause: 'office', reason }, id);
        const fresh = (await findAccreditation(store, row.id)) as AccreditationRow;
        return { status: sent === 'done' ? 200 : 202, body: await accreditationView(context, fresh, user) };
      },
    }),
  ];
}

/** @throws Problem 404, the same for somebody else's as for none */
export async function visibleAccreditation({ store }: ApiContext, id: string, user: User): Promise<AccreditationRow> {
  const row = isAccreditationId(id) ? await findAccreditation(store, id) : undefined;
  if (!row || !(isStaff(user) || row.submittedBy === user.subject)) throw problems.notFound();
  return row;
}

/** Revokes once under an id; what the same request did before is done. @throws Problem 409 where there is nothing to revoke any more */
async function revoke(
  { store, temporal }: ApiContext,
  row: AccreditationRow,
  payload: Parameters<typeof revokeAccreditation>[2],
  id: string,
) {
  const conflict = new Problem(409, 'conflict', '该认定已撤销或已结束,不能再撤销。请刷新后查看。');
  try {
    if (row.closed) throw conflict;
    return await revokeAccreditation(temporal, row, payload, id);
  } catch (error) {
    const refused = error instanceof Problem && error.status === 409;
    if (!refused && !hasNoWorkflow(error)) throw error;
    // Its workflow may have begun again since, and doesn't know of the request any more.
    if (await wasAccreditationRecorded(store, row.id, id)) return 'done';
    throw refused ? conflict : problems.unavailable(error);
  }
}
