import { shanghaiDate } from '../../domain/dates.ts';
import { caseStaff } from '../../domain/staff/roles.ts';
import { policyInForce } from '../../policy/versions.ts';
import { CalendarMoved, previewPublication, publishArrangement } from '../../store/calendar/publish.ts';
import { arrangementHistory, readCalendar } from '../../store/calendar/queries.ts';
import { calendarChangeOptions } from '../../workflows/messages.ts';
import type { ApiContext } from '../context.ts';
import { anyone, only } from '../http/access.ts';
import type { User } from '../http/auth.ts';
import { codeOf, Problem } from '../http/errors.ts';
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
import { arrangementSchema, dueDateQuery, publicationSchema } from './requests.ts';
import { startCalendarChange } from './start.ts';

const calendarStaff = [...caseStaff, 'admin'] as const;

/** The calendar: when an application is due and why; a year's arrangement, its dry run and its publication. */
export function calendarRoutes(context: ApiContext) {
  const { store, now } = context;
  return [
    route({
      method: 'get',
      path: '/v1/calendar/due-date',
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
      summary: '一年的放假安排及其历次版本',
      access: only(...calendarStaff),
      audit: null,
      answers: {
        200: { description: 'Published, or estimated while there is no circular', schema: arrangementAnswer },
      },
      async handle({ params }) {
        const year = checkYear(params.year as string);
        const calendar = await readCalendar(store);
        return { status: 200, body: arrangementView(calendar, year, await arrangementHistory(store, year)) };
      },
    }),
    route({
      method: 'post',
      path: '/v1/calendar/{year}/preview',
      summary: '试算:公布这一安排会改变哪些在办申请的期限',
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
        return { status: 200, body: publicationView(arrangement.year, preview) };
      },
    }),
    route({
      method: 'put',
      path: '/v1/calendar/{year}',
      summary: '公布一年的放假安排',
      access: only('admin'),
      audit: null,
      documentedBody: publicationSchema,
      answers: {
        200: {
          description: 'In force; the open cases have their new dates and are being told',
          schema: publicationAnswer,
        },
      },
      handle: ({ request, params, user }) => publish(context, params.year as string, request.body, user),
    }),
  ];
}

/**
 * Writes the store first: once the calendar is there, it is in force and all dates follow it. If Temporal can't be
 * reached now, or this process dies before the workflow's start, housekeeping starts telling the cases.
 */
async function publish(context: ApiContext, year: string, body: unknown, user: User) {
  const { store, temporal, log, now } = context;
  const { arrangement, ...prepared } = checkArrangement(year, body, publicationSchema, shanghaiDate(now()));
  const basedOn = prepared.basedOn ?? (await readCalendar(store)).version;
  const { clocks } = policyInForce(context);
  const publication = await publishArrangement(store, arrangement, { basedOn, enteredBy: user.subject, clocks }).catch(
    (error) => {
      if (error instanceof CalendarMoved) throw calendarMoved(error);
      throw error;
    },
  );
  const { version } = publication;
  await startCalendarChange(temporal, { version }).catch((error) =>
    log.warn({ version, code: codeOf(error) }, 'cases not being told yet; housekeeping will'),
  );
  const { workflowId } = calendarChangeOptions(version);
  return { status: 200, body: publicationView(arrangement.year, publication, workflowId) };
}

function calendarMoved(cause?: unknown): Problem {
  return new Problem(409, 'calendar-moved', '放假安排刚刚被他人更新,请重新查看并试算后再公布。', { cause });
}
