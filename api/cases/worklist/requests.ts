import { understandNumber } from '../../../domain/cases/acceptance-number.ts';
import { type Awaited, awaitedFrom } from '../../../domain/cases/awaiting.ts';
import { type Search, understandSearch } from '../../../domain/cases/search.ts';
import { applicationTypes, channels, type Status, statuses } from '../../../domain/vocabulary.ts';
import type { WorklistFilter } from '../../../store/cases/worklist.ts';
import { listQuery } from '../../http/paging.ts';
import { dateSchema, flag, line, several, staffId } from '../../http/requests.ts';
import { z } from '../../http/zod.ts';
import { assigneeSchema } from '../messages/requests.ts';
import { diseaseCodeSchema } from '../requests.ts';

const awaited = Object.keys(awaitedFrom) as Awaited[];

/** A rung of the ladder, or whether any was reached. */
const rung = z
  .string()
  .regex(/^(true|false|[1-9])$/, '应为 true、false 或上报级别 1 至 9')
  .transform((text) => (text === 'true' ? 1 : text === 'false' ? 0 : Number(text)));

const soughtFor = '请输入受理号、受理号尾号(6 位)、申请人全名或手机尾号(4 位)';
const MOST_SOUGHT = 200;
const search = line('查询内容', MOST_SOUGHT).transform((text, context): Search => {
  const found = understandSearch(text);
  if (found) return found;
  context.addIssue({ code: 'custom', message: soughtFor });
  return z.NEVER;
});

/** Query of `GET /v1/worklist`: a case is listed that fits all of its fields. */
export const worklistQuery = z.strictObject({
  status: several(z.enum(statuses, '没有这个状态')).optional(),
  assignee: several(staffId('承办人'))
    .optional()
    .openapi({ description: 'Ids of the staff; `me`, or `none` for cases that nobody has' }),
  disease: several(diseaseCodeSchema).optional(),
  type: several(z.enum(applicationTypes, '没有这个申请类型')).optional(),
  channel: several(z.enum(channels, '没有这个申请渠道')).optional(),
  awaiting: several(z.enum(awaited as [Awaited, ...Awaited[]], '应为 office、applicant 或 core'))
    .optional()
    .openapi({ description: 'Who has to act next: the office, the applicant or the insurance core' }),
  overdue: flag.optional().openapi({
    description: 'Past its due date, which is when it is escalated first: the same as `escalated=true` or `false`',
  }),
  escalated: rung.optional().openapi({
    type: 'string',
    maxLength: 5,
    description: 'Whether it was escalated (`true`, `false`), or the lowest rung that it has reached',
  }),
  dueBefore: dateSchema.optional(),
  search: search.optional().openapi({
    type: 'string',
    maxLength: MOST_SOUGHT,
    description:
      "An acceptance number or its last six characters, in upper or lower case, the applicant's whole name, or the last " +
      'four digits of their phone; finds ended cases too',
  }),
  sort: z.enum(['due', 'age', 'submission'], '应为 due、age 或 submission').default('due').openapi({
    description: '`due`: by due date, standing clocks last; `age`: first filed first; `submission`: last filed first',
  }),
  ...listQuery.shape,
});

/**
 * Without a status the list has what somebody has to act on: a rejected case is open for its applicant, an approved one
 * for the insurance core.
 */
const usual: readonly Status[] = ['submitted', ...awaitedFrom.office, 'awaitingMaterials', 'awaitingVerification'];

/** What a query asks the store for. @param user whom it calls `me` */
export function filterOf(query: z.infer<typeof worklistQuery>, user: { subject: string }): WorklistFilter {
  const { assignee, disease, type, channel, overdue, escalated, dueBefore } = query;
  const named: Record<string, string | null> = { me: user.subject, none: null };
  return {
    statuses: statusesOf(query),
    assignees: assignee?.map((id) => (Object.hasOwn(named, id) ? (named[id] as string | null) : id)),
    ...{ diseases: disease, types: type, channels: channel, overdue, escalated, dueBefore, search: query.search },
  };
}

/** @returns undefined for any */
function statusesOf({
  status,
  awaiting,
  search: sought,
}: z.infer<typeof worklistQuery>): readonly Status[] | undefined {
  if (!awaiting) return status ?? (sought ? undefined : usual);
  const acting = awaiting.flatMap((who): readonly Status[] => awaitedFrom[who]);
  return status ? acting.filter((one) => status.includes(one)) : acting;
}

/** How many cases are assigned at once at most. */
export const MOST_ASSIGNED = 200;

/** Body of `POST /v1/worklist/assign`. */
export const bulkAssignSchema = z
  .strictObject({
    acceptanceNumbers: z
      .array(line('受理号', 64).overwrite(understandNumber), '请列出受理号')
      .min(1, '请列出受理号')
      .max(MOST_ASSIGNED, `一次最多 ${MOST_ASSIGNED} 件`),
    to: assigneeSchema,
  })
  .openapi('BulkAssign');
