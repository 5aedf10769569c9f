import type { ApplicationType, Channel } from '../../domain/cases/state.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { channelNames, typeNames } from '../../domain/names.ts';
import { ageBandsOn, type Group, type Grouping, groupings, type Period, statistics } from '../../domain/statistics.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import { countCases } from '../../store/statistics/queries.ts';
import type { ApiContext } from '../context.ts';
import { route } from '../http/route.ts';
import { type StatisticsAnswer, statisticsAnswer } from './answers.ts';
import { periodOf, statisticsQuery } from './requests.ts';
import { statisticsTable } from './table.ts';

/** `GET /v1/statistics`: what the office did in a period, and what lies with it. */
export function statisticsRoutes(context: ApiContext) {
  const today = () => shanghaiDate(context.now());
  return [
    route({
      method: 'get',
      path: '/v1/statistics',
      summary: '办件统计:在办、按时办结率、超期上报、补正、一次性告知',
      roles: ['supervisor', 'director'],
      query: statisticsQuery(today),
      answers: { 200: { description: 'The figures; as CSV, a row for each group', schema: statisticsAnswer } },
      async handle({ request, response, query }) {
        const period = periodOf(query, today());
        const body = await answer(context, period, query.by ? [query.by] : groupings);
        const format = query.format ?? request.accepts(['json', 'csv']);
        if (format !== 'csv') return { status: 200, body };
        response.attachment(`门特认定统计_${period.from}_${period.until}.csv`).send(statisticsTable(body));
        return undefined;
      },
    }),
  ];
}

async function answer(context: ApiContext, period: Period, wanted: readonly Grouping[]): Promise<StatisticsAnswer> {
  const { store, now } = context;
  const at = now();
  const policy = policyInForce(context);
  const bands = ageBandsOn(shanghaiDate(at), await readCalendar(store));
  const counts = await countCases(store, period, wanted, bands);
  const { total, groups } = statistics(counts, policy.clocks.ladder.length);
  return { ...period, at, total, groups: groups.map((group) => ({ name: nameOf(policy, group), ...group })) };
}

function nameOf(policy: Policy, { by, code }: Group): string {
  if (code === null) return '无承办人';
  if (by === 'disease') return diseaseOf(policy, code)?.name ?? code;
  if (by === 'channel') return channelNames[code as Channel];
  return by === 'type' ? typeNames[code as ApplicationType] : code;
}
