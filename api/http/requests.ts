import type { Request } from 'express';
import { isAcceptanceNumber, understandNumber } from '../../domain/cases/acceptance-number.ts';
import { isStorable } from '../../domain/checks.ts';
import { isIsoDate, yearOf } from '../../domain/dates.ts';
import { z } from './zod.ts';

/** What is said when a field is missing, and when it has another type. */
export const worded = (missing: string, otherwise: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined || input === null ? missing : otherwise),
});
/** Says that digits have to be text: as a number they would lose their leading zeros. @param label the field's name */
export const asText = (label: string, digits = '') =>
  worded(`请填写${label}`, `${label}应为${digits}文本(JSON 字符串)`);

/** One line of text that people write. */
export const line = (label: string, maximum = 100) =>
  z
    .string(asText(label))
    .trim()
    .min(1, `请填写${label}`)
    .max(maximum, `${label}过长`)
    .refine(isStorable, `${label}中有无法识别的字符`);
/** The longest id of a member of staff: the subject of a token (`isSender`). */
export const MOST_STAFF_ID = 255;
export const staffId = (label: string) => line(label, MOST_STAFF_ID);
/** A reason or a note that people write. */
export const freeText = (label: string) => line(label, 1000);

/** At most so many characters, and nothing else is said of a longer text. */
export const atMost = (maximum: number, error: string) => [maximum, { error, abort: true }] as const;

/** Years whose holidays are known or can be estimated. */
export const [firstYear, lastYear] = [2004, 2098];
export const dateSchema = z
  .string(worded('请填写日期,格式如 2026-11-23', '日期应为文本(JSON 字符串),格式如 2026-11-23'))
  .max(...atMost(10, '日期有误,格式如 2026-11-23'))
  .refine(isIsoDate, '日期有误,格式如 2026-11-23')
  .refine((date) => yearOf(date) >= firstYear && yearOf(date) <= lastYear, `年份应在 ${firstYear} 至 ${lastYear} 之间`)
  .openapi({ format: 'date', example: '2026-11-23' });

/** An instant, as UTC from then on. @param label the field's name */
export const instantSchema = (label: string) =>
  z.iso
    .datetime({ offset: true, ...worded(`请填写${label}`, `${label}有误`) })
    .max(...atMost(40, `${label}有误`))
    .overwrite((text) => (Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString()));

/** What is said when a whole part of a form is missing. */
export const part = (label: string) => ({
  error: (issue: { code?: string }) => (issue.code === 'invalid_type' ? `请填写${label}` : undefined),
});

/** The longest number that is read at all: as typed, it has spaces, dashes and what nobody sees. */
const MOST_TYPED = 64;

/** An acceptance number in a query or a body. */
export const acceptanceNumberSchema = z
  .string(asText('受理号'))
  .max(...atMost(MOST_TYPED, '受理号有误,请核对'))
  .overwrite(understandNumber)
  .refine(isAcceptanceNumber, '受理号有误,请核对')
  .openapi({ description: 'In upper or lower case; spaces, hyphens and full-width characters are taken, too' });

/** The parameters of paths that people type. */
const typedParameters = ['acceptanceNumber', 'accreditationId'];

/** The parameters of a request's path, those that people type as they were understood. */
export function paramsOf({ params }: Pick<Request, 'params'>): Record<string, string> {
  const entries = Object.entries(params as Record<string, string>);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const isTyped = typedParameters.includes(name) && value.length <= MOST_TYPED;
      return [name, isTyped ? understandNumber(value) : value];
    }),
  );
}

/** What the parameters of paths look like; what doesn't is not found. */
const pathParameters: Record<string, z.ZodString> = {
  acceptanceNumber: z
    .string()
    .max(17)
    .regex(/^\d{8}[0-9A-Za-z]{9}$/),
  accreditationId: z
    .string()
    .max(19)
    .regex(/^[Rr][Dd]\d{8}[0-9A-Za-z]{9}$/),
  fileId: z.string().max(36),
  noticeId: z.string().max(36),
  year: z
    .string()
    .max(4)
    .regex(/^\d{4}$/),
};

/** The schema of a parameter of a path, for its description: an opaque id unless it is one of the above. */
export function pathParameter(name: string): z.ZodString {
  return (
    pathParameters[name] ??
    z
      .string()
      .max(255)
      .regex(/^[\x21-\x7e]+$/)
  );
}

/** `true` or `false` in a query. */
export const flag = z.enum(['true', 'false'], '应为 true 或 false').transform((text) => text === 'true');

/** So many values of one field of a query at most. */
const MOST_VALUES = 50;

/**
 * Several values of one field of a query: repeated (`status=a&status=b`), or with commas between them (`status=a,b`).
 * What is wrong is said of the field, once.
 */
export function several<Item extends z.ZodType<string, string>>(item: Item) {
  const { $schema: _, ...items } = z.toJSONSchema(item, { io: 'input' });
  const all = z.array(item).max(MOST_VALUES, `最多 ${MOST_VALUES} 个`);
  return z
    .union([z.string(), z.array(z.string())], '查询条件有误')
    .transform((given, context): z.infer<Item>[] => {
      const read = all.safeParse([given].flat().flatMap((text) => text.split(',')));
      if (read.success) return [...new Set(read.data)];
      for (const message of new Set(read.error.issues.map((issue) => issue.message)))
        context.addIssue({ code: 'custom', message });
      return z.NEVER;
    })
    .openapi({ type: 'array', items: items as { type: 'string' }, maxItems: MOST_VALUES });
}
