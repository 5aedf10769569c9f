import { randomUUID } from 'node:crypto';
import { caseStaff } from '../../domain/staff/roles.ts';
import { endAbsence, enterAbsence } from '../../store/staff/absences.ts';
import type { ApiContext } from '../context.ts';
import { onAbsence, only, onMembership } from '../http/access.ts';
import { codeOf, problems } from '../http/errors.ts';
import { route } from '../http/route.ts';
import { checkAbsence } from './absence.ts';
import { contactView, memberAnswer, memberView, staffAnswer, staffListAnswer, staffView } from './answers.ts';
import { checkMember, saveMember } from './members.ts';
import { absenceSchema, memberExample, memberSchema } from './requests.ts';
import { handOver, startAbsence } from './start.ts';

/** Who works here, what each is in charge of, and who is absent (不在岗) or has left (离岗). */
export function staffRoutes(context: ApiContext) {
  const { store, now } = context;
  const path = '/v1/staff/{staffId}/absence';
  return [
    route({
      method: 'get',
      path: '/v1/staff',
      operationId: 'listStaff',
      summary: '工作人员、在办件数和不在岗的时间',
      access: only(...caseStaff, 'admin'),
      audit: null,
      answers: { 200: { description: 'All staff', schema: staffListAnswer } },
      handle: async () => ({ status: 200, body: { items: await staffView(context) } }),
    }),
    ...membershipRoutes(context),
    route({
      method: 'put',
      path,
      operationId: 'enterAbsence',
      summary: '登记不在岗,在办申请到时全部移交接替人',
      access: onAbsence,
      audit: { action: 'change', kind: 'staff', part: 'absence' },
      documentedBody: absenceSchema,
      example: { from: '2030-01-07', until: '2030-01-11', to: 'reviewer-2' },
      answers: {
        200: {
          description: 'Entered in place of the one before; the open cases are handed over as soon as it begins',
          schema: staffAnswer,
        },
      },
      async handle({ request, found: { id: staffId }, user }) {
        const absence = await checkAbsence(context, staffId, request.body);
        await enter(context, { ...absence, id: randomUUID(), enteredBy: user.subject, enteredAt: now() });
        return { status: 200, body: await memberView(context, staffId) };
      },
    }),
    route({
      method: 'delete',
      path,
      operationId: 'endAbsence',
      summary: '结束不在岗;已移交的申请不自动移回',
      access: onAbsence,
      audit: { action: 'change', kind: 'staff', part: 'absence' },
      answers: { 200: { description: 'None stands any more', schema: staffAnswer } },
      async handle({ found: { id: staffId } }) {
        await endAbsence(store, staffId, now());
        return { status: 200, body: await memberView(context, staffId) };
      },
    }),
  ];
}

/** A member of staff as the admin keeps them. */
function membershipRoutes(context: ApiContext) {
  const path = '/v1/staff/{staffId}';
  return [
    route({
      method: 'get',
      path,
      operationId: 'readStaff',
      summary: '一名工作人员,含联系方式和移交结果',
      access: onMembership,
      audit: { action: 'read', kind: 'staff', part: 'member' },
      answers: { 200: { description: 'The member of staff', schema: memberAnswer } },
      async handle({ found: { id } }) {
        const body = await contactView(context, id);
        if (!body) throw problems.notFound();
        return { status: 200, body };
      },
    }),
    route({
      method: 'put',
      path,
      operationId: 'saveStaff',
      summary: '登记、变更或停用工作人员,立即生效;停用或不再任审核岗位的,在办申请随即移交',
      refusals: ['own-membership', 'last-admin'],
      access: onMembership,
      audit: { action: 'change', kind: 'staff', part: 'membership' },
      documentedBody: memberSchema,
      example: memberExample,
      answers: {
        200: {
          description: 'In force with the next request; the open cases of who has left are handed over',
          schema: memberAnswer,
        },
        202: {
          description: 'In force; the open cases are being handed over, see `departure.handover` later',
          schema: memberAnswer,
        },
      },
      async handle({ request, found: { id }, user }) {
        const saved = await saveMember(context, id, await checkMember(context, id, request.body), user);
        const absenceId = saved?.departure;
        const sent = absenceId === undefined ? 'done' : await handOver(context, { absenceId });
        return { status: sent === 'done' ? 200 : 202, body: await contactView(context, id) };
      },
    }),
  ];
}

/**
 * Row first, then the workflow: where that can't be started now, housekeeping starts it.
 * @throws Problem 404 for who reviews nothing any more
 */
async function enter({ store, temporal, log }: ApiContext, entered: Parameters<typeof enterAbsence>[1]): Promise<void> {
  const standing = await enterAbsence(store, entered);
  if (!standing) throw problems.notFound();
  const { id: absenceId, started } = standing;
  if (started) return;
  await startAbsence(temporal, { absenceId }).catch((error) =>
    log.warn({ absenceId, code: codeOf(error) }, 'absence not begun yet; housekeeping will'),
  );
}
