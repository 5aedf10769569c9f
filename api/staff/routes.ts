import { randomUUID } from 'node:crypto';
import { caseStaff } from '../../domain/staff/roles.ts';
import { endAbsence, enterAbsence } from '../../store/staff/absences.ts';
import { saveMember } from '../../store/staff/queries.ts';
import type { ApiContext } from '../context.ts';
import { onAbsence, only, onMembership } from '../http/access.ts';
import type { User } from '../http/auth.ts';
import { codeOf, Problem } from '../http/errors.ts';
import { route } from '../http/route.ts';
import type { z } from '../http/zod.ts';
import { checkAbsence } from './absence.ts';
import { memberView, staffAnswer, staffListAnswer, staffView } from './answers.ts';
import { absenceSchema, memberSchema } from './requests.ts';
import { startAbsence } from './start.ts';

/** Who works here, what each is in charge of, and who is absent (不在岗). */
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
    route({
      method: 'put',
      path: '/v1/staff/{staffId}',
      operationId: 'saveStaff',
      summary: '登记、变更或停用工作人员;停用立即生效',
      refusals: ['own-membership'],
      access: onMembership,
      audit: { action: 'change', kind: 'staff', part: 'membership' },
      body: memberSchema,
      answers: { 200: { description: 'In force with the next request', schema: staffAnswer } },
      async handle({ found: { id: staffId }, body, user }) {
        assertStaysAdmin(staffId, body, user);
        await saveMember(store, { id: staffId, ...body });
        return { status: 200, body: await memberView(context, staffId) };
      },
    }),
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

/** Somebody has to be left who keeps the list. @throws Problem 409 */
function assertStaysAdmin(staffId: string, { roles, active }: z.infer<typeof memberSchema>, { subject }: User): void {
  if (staffId !== subject || (active && roles.includes('admin'))) return;
  throw new Problem(409, 'own-membership', '不能停用自己或取消自己的管理员岗位,请由另一位系统管理员办理。');
}

/** Row first, then the workflow: where that can't be started now, housekeeping starts it. */
async function enter({ store, temporal, log }: ApiContext, entered: Parameters<typeof enterAbsence>[1]): Promise<void> {
  const { id: absenceId, started } = await enterAbsence(store, entered);
  if (started) return;
  await startAbsence(temporal, { absenceId }).catch((error) =>
    log.warn({ absenceId, code: codeOf(error) }, 'absence not begun yet; housekeeping will'),
  );
}
