import { rolesFor } from '../../domain/cases/access.ts';
import { countedLedger } from '../../domain/cases/clocks.ts';
import { caseStaff, isStaff } from '../../domain/staff/roles.ts';
import { policyInForce } from '../../policy/versions.ts';
import { readCalendar, readCalendarAt } from '../../store/calendar/queries.ts';
import { listApplications, worklist } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { explain, explanationAnswer } from '../calendar/answers.ts';
import type { ApiContext } from '../context.ts';
import { aboutAll, onCase, only } from '../http/access.ts';
import { limiter } from '../http/limits.ts';
import { cursors, decodeCursor, listQuery, page } from '../http/paging.ts';
import { route } from '../http/route.ts';
import {
  caseView,
  listAnswer,
  progressAnswer,
  summary,
  summaryAnswer,
  worklistAnswer,
  worklistItem,
} from './answers.ts';
import { file, filingRefusals } from './filing/file.ts';
import { filingExample, filingSchema, worklistQuery } from './requests.ts';

/** Filing applications, following them, and the office's worklist, most urgent first. */
export function caseRoutes(context: ApiContext) {
  const { store, policies } = context;
  const filing = { ...context, take: limiter(context) };
  return [
    route({
      method: 'post',
      path: '/v1/applications',
      operationId: 'fileApplication',
      summary: '提交门特申请',
      access: { ...only('applicant', 'clerk'), refuses: ['channel-not-yours', 'not-yours-to-file', 'own-case'] },
      audit: { action: 'change', kind: 'application', part: 'filing' },
      idempotent: true,
      documentedBody: filingSchema,
      example: filingExample,
      refusals: filingRefusals,
      answers: { 201: { description: 'Filed; the acceptance number is given', schema: summaryAnswer } },
      handle: ({ request, user }) => file(filing, request, user),
    }),
    route({
      method: 'get',
      path: '/v1/applications',
      operationId: 'listApplications',
      summary: '我的申请;工作人员看全部',
      access: only(...rolesFor.see),
      audit: { action: 'read', kind: 'application', part: 'list' },
      query: listQuery,
      answers: { 200: { description: 'Newest first', schema: listAnswer } },
      async handle({ user, query: { cursor, limit } }) {
        const ended = decodeCursor(cursor, cursors.applications);
        const after = ended && { submittedAt: ended[0], acceptanceNumber: ended[1] };
        const rows = await listApplications(store, {
          visibleTo: isStaff(user) ? undefined : user.subject,
          after,
          limit,
        });
        const ends = ({ submittedAt, acceptanceNumber }: ApplicationRow) => [submittedAt, acceptanceNumber];
        return {
          status: 200,
          body: page(rows, limit, ends, (row) => summary(policies, row)),
          about: aboutAll(rows, user),
        };
      },
    }),
    route({
      method: 'get',
      path: '/v1/applications/{acceptanceNumber}',
      operationId: 'readApplication',
      summary: '办理进度;工作人员另见表单、材料和审核提示',
      access: onCase('see'),
      audit: { action: 'read', kind: 'application', part: 'details' },
      answers: { 200: { description: 'The case', schema: progressAnswer } },
      handle: async ({ found, user }) => ({ status: 200, body: await caseView(context, found, user) }),
    }),
    route({
      method: 'get',
      path: '/v1/applications/{acceptanceNumber}/deadline',
      operationId: 'explainDeadline',
      summary: '办理期限说明:逐日列出计入与否及依据',
      access: onCase('see'),
      audit: { action: 'read', kind: 'application', part: 'deadline' },
      answers: { 200: { description: 'The due date, day by day', schema: explanationAnswer } },
      handle: async ({ found }) => ({ status: 200, body: await explainedDeadline(context, found) }),
    }),
    route({
      method: 'get',
      path: '/v1/worklist',
      operationId: 'readWorklist',
      summary: '待办件,按办理期限排序',
      access: only(...caseStaff),
      audit: { action: 'read', kind: 'application', part: 'list' },
      query: worklistQuery,
      answers: {
        200: {
          description: 'By due date, first filed first; cases whose clock stands still come last',
          schema: worklistAnswer,
        },
      },
      async handle({ user, query: { cursor, limit, status, assignee, overdue } }) {
        const ended = decodeCursor(cursor, cursors.worklist);
        const after = ended && { dueOn: ended[0], submittedAt: ended[1], acceptanceNumber: ended[2] };
        const rows = await worklist(store, { status, assignee, overdue, after, limit });
        const ends = (last: ApplicationRow) => [last.dueOn, last.submittedAt, last.acceptanceNumber];
        return {
          status: 200,
          body: page(rows, limit, ends, (row) => worklistItem(context, row)),
          about: aboutAll(rows, user),
        };
      },
    }),
  ];
}

/** An open case is explained by the calendar in force, one that has ended by the calendar under which it ended. */
async function explainedDeadline(context: ApiContext, row: ApplicationRow) {
  const { store } = context;
  const { acceptanceNumber, state, closed, calendarVersion } = row;
  const past = closed && calendarVersion !== null;
  const calendar = await (past ? readCalendarAt(store, calendarVersion) : readCalendar(store));
  return explain(countedLedger(state, policyInForce(context).clocks), calendar, { acceptanceNumber });
}
