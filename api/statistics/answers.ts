import { ageBands, groupings, openStatuses, supplementCounts } from '../../domain/statistics.ts';
import { z } from '../http/zod.ts';

const date = z.string().openapi({ format: 'date' });
const count = (description?: string) => z.int().openapi(description ? { description } : {});
const each = <Key extends string>(keys: readonly Key[]) =>
  z.object(Object.fromEntries(keys.map((key) => [key, count()])) as Record<Key, ReturnType<typeof count>>);

/** `Figures`, as /openapi.json tells of them. */
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
    at: z.string().openapi({ format: 'date-time', description: 'When it was counted' }),
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
