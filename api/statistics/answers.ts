import { shanghaiDate } from '../../domain/dates.ts';
import { channelNames, typeNames } from '../../domain/names.ts';
import {
  ageBands,
  ageBandsOn,
  type Group,
  type Grouping,
  groupings,
  openStatuses,
  type Period,
  statistics,
  supplementCounts,
} from '../../domain/statistics.ts';
import type { ApplicationType, Channel } from '../../domain/vocabulary.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import { type NameOf, namesOf } from '../../store/staff/queries.ts';
import { countCases } from '../../store/statistics/queries.ts';
import type { ApiContext } from '../context.ts';
import { date, instant } from '../http/answers.ts';
import { z } from '../http/zod.ts';

const count = (description?: string) => z.int().openapi(description ? { description } : {});
const each = <Key extends string>(keys: readonly Key[]) =>
  z.object(Object.fromEntries(keys.map((key) => [key, count()])) as Record<Key, ReturnType<typeof count>>);

/** The schema of `Figures`, with the descriptions for /openapi.json. */
const figures = z.object({
  filed: count('Applications submitted in the period'),
  open: z
    .object({
      total: count(),
      overdue: count('Past the due date: escalated in the present round'),
      byStatus: each(openStatuses),
      byAge: each(ageBands).openapi({
        description:
          'By working days since the present round was accepted (that day not counted), whether its clock stood still or not',
      }),
    })
    .openapi({ description: 'Not decided and not ended, at `at`, whatever the period' }),
  decided: z
    .object({
      total: count(),
      approved: count(),
      rejected: count(),
      onTime: count('Before the office closed on the due date: the round was never escalated'),
      onTimeRate: z
        .number()
        .nullable()
        .openapi({ description: '`onTime` / `total`, rounded down to four digits; null where nothing was decided' }),
      medianDays: z.int().nullable().openapi({
        description:
          'Calendar days from the acceptance of the round to its decision, waiting for the applicant included',
      }),
      longestDays: z.int().nullable(),
    })
    .openapi({
      description:
        'Rounds decided in the period; a resubmission after a rejection, or an appeal, is another round. A decision that the ' +
        "insurance core refused to register doesn't count",
    }),
  refused: count('不予受理, in the period'),
  lapsed: count('补正逾期, in the period'),
  withdrawn: count('撤回, in the period'),
  escalations: z
    .object({ total: count(), byLevel: z.record(z.string(), count()) })
    .openapi({ description: '超期上报, in the period' }),
  supplements: z.object({
    requests: count('Requests for materials (补正) in the period'),
    decidedAfter: each(supplementCounts).openapi({
      description: 'The decided, by the number of requests in their round',
    }),
  }),
  breaches: z
    .object({
      late: count('First requests that came too late'),
      belated: count('Later requests for something that was missing at the first one already'),
    })
    .openapi({ description: 'Requests in the period that break 一次性告知' }),
});

export const statisticsAnswer = z
  .object({
    from: date,
    until: date.openapi({ description: 'Included' }),
    at: instant.openapi({ description: 'When it was counted' }),
    total: figures,
    groups: z
      .array(
        z
          .object({
            by: z.enum(groupings),
            code: z
              .string()
              .nullable()
              .openapi({ description: 'For reviewers an opaque id; null where nobody is in charge' }),
            name: z.string(),
          })
          .extend(figures.shape),
      )
      .openapi({
        description:
          'Among reviewers, a request belongs to who made it, everything else of a round to who decided it (with two reviewers ' +
          "the second), or while it isn't decided, is in charge of it",
      }),
  })
  .openapi('Statistics');
export type StatisticsAnswer = z.infer<typeof statisticsAnswer>;

/** @param wanted the groupings that are asked for */
export async function statisticsView(
  context: ApiContext,
  period: Period,
  wanted: readonly Grouping[],
): Promise<StatisticsAnswer> {
  const { store, now } = context;
  const at = now();
  const policy = policyInForce(context);
  const bands = ageBandsOn(shanghaiDate(at), await readCalendar(store));
  const counts = await countCases(store, period, wanted, bands);
  const { total, groups } = statistics(counts, policy.clocks.ladder.length);
  const staffName = await namesOf(
    store,
    groups.map(({ by, code }) => (by === 'reviewer' ? code : null)),
  );
  return {
    ...{ ...period, at, total },
    groups: groups.map((group) => ({ name: nameOf(policy, group, staffName), ...group })),
  };
}

function nameOf(policy: Policy, { by, code }: Group, staffName: NameOf): string {
  if (code === null) return '无承办人';
  if (by === 'disease') return diseaseOf(policy, code)?.name ?? code;
  if (by === 'channel') return channelNames[code as Channel];
  return by === 'type' ? typeNames[code as ApplicationType] : staffName(code);
}
