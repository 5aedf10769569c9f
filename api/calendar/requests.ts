import { dateSchema, flag, line, worded } from '../http/requests.ts';
import { z } from '../http/zod.ts';

/** Query of `GET /v1/calendar/due-date`. */
export const dueDateQuery = z.strictObject({
  acceptedOn: dateSchema,
  workingDays: z.coerce
    .number('工作日数应为数字')
    .int('工作日数应为整数')
    .min(1, '工作日数至少为 1')
    .max(250, '工作日数最多为 250')
    .optional(),
  explain: flag.optional(),
});

const MOST_DAYS = 366;
const namedDays = (label: string) =>
  z
    .record(z.string(), line('节日名称', 20), worded(`请填写${label}`, `${label}应为“日期: 节日名称”`))
    .refine((days) => Object.keys(days).length <= MOST_DAYS, `${label}过多,一年最多 ${MOST_DAYS} 天`)
    .openapi({ maxProperties: MOST_DAYS });

/** Body of `POST /v1/calendar/{year}/preview`; `checkArrangement` checks whether the days fit the year. */
export const arrangementSchema = z
  .strictObject({
    daysOff: namedDays('放假日').refine((days) => Object.keys(days).length > 0, '请填写放假日'),
    makeUpDays: namedDays('调休上班日').default({}),
    circular: line('文号').optional(),
    publishedOn: dateSchema.optional(),
    basedOn: z
      .int('日历版本有误,请重新查看后再试')
      .min(0, '日历版本有误,请重新查看后再试')
      .optional()
      .openapi({ description: 'Version of the calendar that was looked at; refused (409) when it has changed since' }),
    acknowledged: z
      .boolean('acknowledged 应为 true 或 false')
      .optional()
      .openapi({ description: 'What the preview warns of was looked at; a publication with warnings needs it (422)' }),
  })
  .openapi('Arrangement');

/** Body of `PUT /v1/calendar/{year}`. */
export const publicationSchema = z
  .strictObject({ ...arrangementSchema.shape, circular: line('文号') })
  .openapi('Publication');
