import { rolesFor } from '../../domain/cases/access.ts';
import { countedLedger } from '../../domain/cases/clocks.ts';
import { isStaff } from '../../domain/staff/roles.ts';
import { policyInForce } from '../../policy/versions.ts';
import { readCalendar, readCalendarAt } from '../../store/calendar/queries.ts';
import { listApplications } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { explain, explanationAnswer } from '../calendar/answers.ts';
import type { ApiContext } from '../context.ts';
import { aboutAll, onCase, only } from '../http/access.ts';
import { limiter } from '../http/limits.ts';
import { cursors, decodeCursor, listQuery, page } from '../http/paging.ts';
import { route } from '../http/route.ts';
import { listAnswer, progressAnswer } from './answers.ts';
import { file, filingRefusals } from './filing/file.ts';
import { filingExample, filingSchema } from './requests.ts';
import { shownCase } from './shown.ts';
import { summary, summaryAnswer } from './summary.ts';

/** Filing applications, and following them. */
export function caseRoutes(context: ApiContext) {
  const { store, policies } = context;
  const filing = { ...context, takeAll: limiter(context).takeAll };
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
      handle: async ({ found, user }) => ({ status: 200, ...(await shownCase(context, found, user)) }),
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
