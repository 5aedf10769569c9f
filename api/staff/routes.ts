import { randomUUID } from 'node:crypto';
import { isSender } from '../../domain/checks.ts';
import { endAbsence, enterAbsence } from '../../store/staff/absences.ts';
import { findStaff } from '../../store/staff/queries.ts';
import type { ApiContext } from '../context.ts';
import { caseStaff, reviewers, type User } from '../http/auth.ts';
import { codeOf, problems } from '../http/errors.ts';
import { route } from '../http/route.ts';
import { checkAbsence } from './absence.ts';
import { memberView, staffAnswer, staffListAnswer, staffView } from './answers.ts';
import { absenceSchema } from './requests.ts';
import { startAbsence } from './start.ts';

/** Who works here, what each is in charge of, and who is absent (不在岗). */
export function staffRoutes(context: ApiContext) {
  const { store, now } = context;
  const path = '/v1/staff/{staffId}/absence';
  return [
    route({
      method: 'get',
      path: '/v1/staff',
      summary: '工作人员、在办件数和不在岗的时间',
      roles: caseStaff,
      answers: { 200: { description: 'All staff', schema: staffListAnswer } },
      handle: async () => ({ status: 200, body: { items: await staffView(context) } }),
    }),
    route({
      method: 'put',
      path,
      summary: '登记不在岗,在办申请到时全部移交接替人',
      roles: reviewers,
      documentedBody: absenceSchema,
      example: { from: '2030-01-07', until: '2030-01-11', to: 'reviewer-2' },
      answers: {
        200: {
          description: 'Entered in place of the one before; the open cases are handed over as soon as it begins',
          schema: staffAnswer,
        },
      },
      async handle({ request, params, user }) {
        const staffId = await staffOf(context, params.staffId as string, user);
        const absence = await checkAbsence(context, staffId, request.body);
        await enter(context, { ...absence, id: randomUUID(), enteredBy: user.subject, enteredAt: now() });
        return { status: 200, body: await memberView(context, staffId) };
      },
    }),
    route({
      method: 'delete',
      path,
      summary: '结束不在岗;已移交的申请不自动移回',
      roles: reviewers,
      answers: { 200: { description: 'None stands any more', schema: staffAnswer } },
      async handle({ params, user }) {
        const staffId = await staffOf(context, params.staffId as string, user);
        await endAbsence(store, staffId, now());
        return { status: 200, body: await memberView(context, staffId) };
      },
    }),
  ];
}

/** @throws Problem 403 for a reviewer who means somebody else, 404 for somebody who doesn't work here */
async function staffOf(context: ApiContext, staffId: string, user: User): Promise<string> {
  if (staffId !== user.subject && !user.roles.includes('supervisor')) throw problems.forbidden();
  if (!isSender(staffId) || !(await findStaff(context.store, staffId))) throw problems.notFound();
  return staffId;
}

/** Row first, then the workflow: where that can't be started now, housekeeping starts it. */
async function enter({ store, temporal, log }: ApiContext, entered: Parameters<typeof enterAbsence>[1]): Promise<void> {
  const { id: absenceId, started } = await enterAbsence(store, entered);
  if (started) return;
  await startAbsence(temporal, { absenceId }).catch((error) =>
    log.warn({ absenceId, code: codeOf(error) }, 'absence not begun yet; housekeeping will'),
  );
}
