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
/** A reason or a note that people write. */
export const freeText = (label: string) => line(label, 1000);

/** Years whose holidays are known or can be estimated. */
export const [firstYear, lastYear] = [2004, 2098];
export const dateSchema = z
  .string(worded('请填写日期,格式如 2026-11-23', '日期应为文本(JSON 字符串),格式如 2026-11-23'))
  .refine(isIsoDate, '日期有误,格式如 2026-11-23')
  .refine((date) => yearOf(date) >= firstYear && yearOf(date) <= lastYear, `年份应在 ${firstYear} 至 ${lastYear} 之间`)
  .openapi({ format: 'date', example: '2026-11-23' });

/** What is said when a whole part of a form is missing. */
export const part = (label: string) => ({
  error: (issue: { code?: string }) => (issue.code === 'invalid_type' ? `请填写${label}` : undefined),
});

/** `true` or `false` in a query. */
export const flag = z.enum(['true', 'false'], '应为 true 或 false').transform((text) => text === 'true');
