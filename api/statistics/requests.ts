import { daysBetween } from '../../domain/dates.ts';
import { groupings, type Period } from '../../domain/statistics.ts';
import { dateSchema } from '../http/requests.ts';
import { z } from '../http/zod.ts';

/** A year with its leap day: no longer period is counted at once. */
const LONGEST_DAYS = 366;

type Asked = { [Day in keyof Period]?: string | undefined };

/** The period that is asked for; by default up to today, and from the first of the month in which it ends. */
export function periodOf(query: Asked, today: string): Period {
  const until = query.until ?? today;
  return { from: query.from ?? `${until.slice(0, 7)}-01`, until };
}

/** Query of `GET /v1/statistics`. @param today returns today's date in Shanghai */
export function statisticsQuery(today: () => string) {
  // The period is checked even if another field is wrong, but only if both dates can be read.
  const when = ({ issues }: { issues: { path?: PropertyKey[] }[] }) =>
    !issues.some(({ path }) => path?.[0] === 'from' || path?.[0] === 'until');
  const days = (query: Asked) => {
    const { from, until } = periodOf(query, today());
    return daysBetween(from, until);
  };
  return z
    .strictObject({
      from: dateSchema.optional().openapi({ description: 'The first of the month of `until`, unless given' }),
      until: dateSchema.optional().openapi({ description: 'Included; today, unless given' }),
      by: z
        .enum(groupings, '分组应为 disease、channel、type 或 reviewer')
        .optional()
        .openapi({ description: 'Only these groups; all of them, unless given' }),
      format: z
        .enum(['json', 'csv'], '格式应为 json 或 csv')
        .optional()
        .openapi({ description: 'As `Accept: text/csv` does, `csv` asks for a table' }),
    })
    .refine((query) => days(query) >= 0, {
      path: ['from'],
      error: '起始日期不能晚于截止日期(不填则为今天)',
      when,
    })
    .refine((query) => days(query) < LONGEST_DAYS, {
      path: ['from'],
      error: `一次最多统计 ${LONGEST_DAYS} 天,请缩短期间`,
      when,
    });
}
