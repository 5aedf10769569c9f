import { shanghaiDate } from '../../domain/dates.ts';
import { groupings } from '../../domain/statistics.ts';
import type { ApiContext } from '../context.ts';
import { only } from '../http/access.ts';
import { route } from '../http/route.ts';
import { statisticsAnswer, statisticsView } from './answers.ts';
import { periodOf, statisticsQuery } from './requests.ts';
import { statisticsTable } from './table.ts';

/** `GET /v1/statistics`: what the office did in a period, and what lies with it. */
export function statisticsRoutes(context: ApiContext) {
  const today = () => shanghaiDate(context.now());
  return [
    route({
      method: 'get',
      path: '/v1/statistics',
      operationId: 'readStatistics',
      summary: '办件统计:在办、按时办结率、超期上报、补正、一次性告知',
      access: only('supervisor', 'director'),
      audit: null,
      query: statisticsQuery(today),
      answers: {
        200: {
          description: 'The figures; as CSV, a row for each group',
          schema: statisticsAnswer,
          types: ['text/csv'],
        },
      },
      async handle({ request, query }) {
        const period = periodOf(query, today());
        const body = await statisticsView(context, period, query.by ? [query.by] : groupings);
        const format = query.format ?? request.accepts(['json', 'csv']);
        if (format !== 'csv') return { status: 200, body };
        const saveAs = `门特认定统计_${period.from}_${period.until}.csv`;
        return { status: 200, content: { type: 'csv', data: statisticsTable(body), saveAs } };
      },
    }),
  ];
}
