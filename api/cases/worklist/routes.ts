import { rolesFor } from '../../../domain/cases/access.ts';
import { caseStaff } from '../../../domain/staff/roles.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import { countWorklist, type WorklistSort, worklist } from '../../../store/cases/worklist.ts';
import { namesOf } from '../../../store/staff/queries.ts';
import type { ApiContext } from '../../context.ts';
import { aboutAll, only } from '../../http/access.ts';
import { Problem } from '../../http/errors.ts';
import { decodeCursor, page, worklistCursors } from '../../http/paging.ts';
import { route } from '../../http/route.ts';
import { takingTurns } from '../../http/turns.ts';
import { progressAnswer, worklistAnswer, worklistItem } from '../answers.ts';
import { checkPresence } from '../messages/checks.ts';
import { shownCase } from '../shown.ts';
import { bulkAssignAnswer } from './answers.ts';
import { assignAll } from './assign.ts';
import { takeNext } from './next.ts';
import { bulkAssignSchema, filterOf, worklistQuery } from './requests.ts';

/**
 * How many take a case at the same time in one api process, and how many more wait: each waits for a case's workflow, of
 * which the workers carry some ten a second, and a reviewer presses the button again where it takes longer.
 */
const TAKING = { atOnce: 20, waiting: 50 };

/** How many requests assign many cases at the same time; whoever comes then is told to come back. */
const ASSIGNING = 2;

/** The office's worklist (待办件), and who takes what of it. */
export function worklistRoutes(context: ApiContext) {
  return [listRoute(context), nextRoute(context), assignRoute(context)];
}

function listRoute(context: ApiContext) {
  const { store } = context;
  return route({
    method: 'get',
    path: '/v1/worklist',
    operationId: 'readWorklist',
    summary: '待办件:可筛选、查询、排序',
    access: only(...caseStaff),
    audit: { action: 'read', kind: 'application', part: 'list' },
    query: worklistQuery,
    answers: { 200: { description: 'A page of the cases that fit, and how many there are', schema: worklistAnswer } },
    async handle({ user, query }) {
      const { sort, limit } = query;
      const filter = filterOf(query, user);
      const rows = await worklist(store, filter, { sort, after: endedAt(sort, query.cursor), limit });
      const total = await countWorklist(store, filter);
      const assignees = rows.map(({ assignee }) => assignee);
      const nameOf = await namesOf(store, assignees);
      const ends = ({ dueOn, submittedAt, acceptanceNumber }: ApplicationRow) => {
        return [sort, sort === 'due' ? dueOn : null, submittedAt, acceptanceNumber];
      };
      return {
        status: 200,
        body: { ...page(rows, limit, ends, (row) => worklistItem(context, row, nameOf)), total },
        about: aboutAll(rows, user),
      };
    },
  });
}

/** @throws Problem 422, also for the cursor of a list that was sorted otherwise */
function endedAt(sort: WorklistSort, cursor: string | undefined) {
  const ended = decodeCursor<[string, string | null, string, string]>(cursor, worklistCursors[sort]);
  return ended && { dueOn: ended[1], submittedAt: ended[2], acceptanceNumber: ended[3] };
}

function nextRoute(context: ApiContext) {
  const turns = takingTurns(TAKING.atOnce, TAKING.waiting);
  return route({
    method: 'get',
    path: '/v1/worklist/next',
    operationId: 'takeNextCase',
    summary: '领取下一件:最急的无人承办的待审件,领取后由本人承办',
    access: only(...rolesFor.review),
    audit: { action: 'change', kind: 'application', part: 'take' },
    refusals: ['method-not-allowed', 'absent'],
    answers: {
      200: { description: 'Taken: the case, which the caller is in charge of', schema: progressAnswer },
      202: { description: 'Taken; that they are in charge shows in the progress soon', schema: progressAnswer },
      204: { description: 'There is none that the caller may take' },
    },
    async handle({ request, user }) {
      // Express answers HEAD by what GET does: nobody would see which case they have taken.
      if (request.method === 'HEAD') throw new Problem(405, 'method-not-allowed', '领取待办件请用 GET。');
      await checkPresence(context, { assignee: null }, { by: user.subject });
      const taken = await turns(() => takeNext(context, user));
      if (!taken) return { status: 204, about: { objects: [], people: [] } };
      const { row, sent } = taken;
      return { status: sent === 'done' ? 200 : 202, ...(await shownCase(context, row, user)) };
    },
  });
}

function assignRoute(context: ApiContext) {
  const turns = takingTurns(ASSIGNING);
  return route({
    method: 'post',
    path: '/v1/worklist/assign',
    operationId: 'assignCases',
    summary: '批量指定承办人(最多 200 件),逐件答复',
    access: only(...rolesFor.review),
    audit: { action: 'change', kind: 'application', part: 'assign' },
    body: bulkAssignSchema,
    example: { acceptanceNumbers: ['51040026ABCDEFGHM'], to: 'reviewer-2' },
    idempotent: true,
    answers: { 200: { description: 'What became of each case', schema: bulkAssignAnswer } },
    handle: ({ request, user, body }) => turns(() => assignAll(context, request, user, body)),
  });
}
