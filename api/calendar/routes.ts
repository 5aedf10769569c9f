import { shanghaiDate } from '../../domain/dates.ts';
import { caseStaff } from '../../domain/staff/roles.ts';
import { policyInForce } from '../../policy/versions.ts';
import { previewPublication } from '../../store/calendar/publish.ts';
import { arrangementHistory, readCalendar } from '../../store/calendar/queries.ts';
import { namesOf } from '../../store/staff/queries.ts';
import type { ApiContext } from '../context.ts';
import { anyone, only } from '../http/access.ts';
import { route } from '../http/route.ts';
import {
  arrangementAnswer,
  arrangementView,
  dueDateAnswer,
  dueDateView,
  publicationAnswer,
  publicationView,
} from './answers.ts';
import { checkArrangement, checkYear } from './arrangement.ts';
import { calendarMoved, publish } from './publish.ts';
import { arrangementSchema, dueDateQuery, publicationSchema } from './requests.ts';
import { warningsOf } from './warnings.ts';

const calendarStaff = [...caseStaff, 'admin'] as const;

/** The calendar: when an application is due and why; a year's arrangement, its dry run and its publication. */
export function calendarRoutes(context: ApiContext) {
  const { store, now, log } = context;
  return [
    route({
      method: 'get',
      path: '/v1/calendar/due-date',
      operationId: 'computeDueDate',
      summary: '按受理日推算办理期限',
      access: anyone,
      audit: null,
      query: dueDateQuery,
      answers: { 200: { description: 'The due date; with `explain` also why', schema: dueDateAnswer } },
      async handle({ query: { acceptedOn, explain = false, ...query } }) {
        const { workingDays = policyInForce(context).clocks.workingDays } = query;
        const calendar = await readCalendar(store);
        return { status: 200, body: dueDateView({ acceptedOn, workingDays }, calendar, explain) };
      },
    }),
    route({
      method: 'get',
      path: '/v1/calendar/{year}',
      operationId: 'readArrangement',
      summary: '一年的放假安排及其历次版本',
      refusals: ['invalid'],
      access: only(...calendarStaff),
      audit: null,
      answers: {
        200: { description: 'Published, or estimated while there is no circular', schema: arrangementAnswer },
      },
      async handle({ params }) {
        const year = checkYear(params.year as string);
        const calendar = await readCalendar(store);
        const history = await arrangementHistory(store, year);
        const nameOf = await namesOf(
          store,
          history.map(({ enteredBy }) => enteredBy),
        );
        return { status: 200, body: arrangementView(calendar, year, history, nameOf) };
      },
    }),
    route({
      method: 'post',
      path: '/v1/calendar/{year}/preview',
      operationId: 'previewArrangement',
      summary: '试算:公布这一安排会改变哪些在办申请的期限',
      refusals: ['calendar-moved'],
      access: only(...calendarStaff),
      audit: null,
      documentedBody: arrangementSchema,
      answers: { 200: { description: 'What would move; nothing has changed', schema: publicationAnswer } },
      async handle({ request, params }) {
        const { arrangement, basedOn } = checkArrangement(
          params.year as string,
          request.body,
          arrangementSchema,
          shanghaiDate(now()),
        );
        const preview = await previewPublication(store, arrangement, policyInForce(context).clocks);
        if (basedOn !== undefined && basedOn !== preview.version) throw calendarMoved();
        const warnings = warningsOf(context.policies, arrangement);
        return { status: 200, body: publicationView(arrangement.year, preview, warnings) };
      },
    }),
    route({
      method: 'put',
      path: '/v1/calendar/{year}',
      operationId: 'publishArrangement',
      summary: '公布一年的放假安排',
      refusals: ['calendar-moved', 'warnings-unacknowledged'],
      access: only('admin'),
      audit: null,
      documentedBody: publicationSchema,
      answers: {
        200: {
          description: 'In force; the open cases have their new dates and are being told',
          schema: publicationAnswer,
        },
      },
      async handle({ request, params, user }) {
        const year = params.year as string;
        const checked = checkArrangement(year, request.body, publicationSchema, shanghaiDate(now()));
        const onUntold = (version: number, code: string) =>
          log.warn({ version, code }, 'cases not being told yet; housekeeping will');
        return { status: 200, body: await publish({ ...context, onUntold }, checked, user.subject) };
      },
    }),
  ];
}
