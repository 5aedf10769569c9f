import { deadline } from '../../domain/deadline.ts';
import { readCalendar } from '../../store/calendar.ts';
import { dueDateAnswer } from '../answers.ts';
import type { ApiContext } from '../context.ts';
import { route } from '../route.ts';
import { dueDateQuery } from '../schemas.ts';

/** `GET /v1/calendar/due-date`: when an application accepted on a day is due, and why. */
export function calendarRoutes({ store, policy }: ApiContext) {
  return [
    route({
      method: 'get',
      path: '/v1/calendar/due-date',
      summary: '按受理日推算办理期限',
      roles: [],
      query: dueDateQuery,
      answers: { 200: { description: 'The due date', schema: dueDateAnswer } },
      async handle({ query: { acceptedOn, workingDays = policy.clocks.workingDays, explain } }) {
        const { dueOn, provisional, days } = deadline(
          { acceptedOn, workingDays, pauses: [] },
          await readCalendar(store),
        );
        return { status: 200, body: { dueOn, provisional, ...(explain ? { days } : {}) } };
      },
    }),
  ];
}
