import { z } from 'zod';
import { type ArrangementProblem, arrangementProblems } from '../../domain/calendar/arrangement.ts';
import type { Arrangement } from '../../domain/calendar/working-days.ts';
import { isIsoDate } from '../../domain/dates.ts';
import { type FieldError, problems } from '../http/errors.ts';
import { firstYear, lastYear } from '../http/requests.ts';
import { fieldErrors } from '../http/route.ts';
import type { arrangementSchema, publicationSchema } from './requests.ts';

/** The year of a path. @throws Problem 422 for a year whose holidays are neither known nor can be estimated */
export function checkYear(text: string): number {
  const errors = yearErrors(text);
  if (errors.length > 0) throw problems.invalid(errors);
  return Number(text);
}

function yearErrors(text: string): FieldError[] {
  const year = /^\d{4}$/.test(text) ? Number(text) : 0;
  if (year >= firstYear && year <= lastYear) return [];
  return [{ field: 'year', code: 'unknownYear', detail: `年份应在 ${firstYear} 至 ${lastYear} 之间。` }];
}

/** What a request asks to be tried out or published. */
export interface CheckedArrangement {
  arrangement: Arrangement;
  /** The version of the calendar on which it was prepared, if the request gives it. */
  basedOn: number | undefined;
  /** Somebody has looked at the warnings. */
  acknowledged: boolean;
}

const table = z.record(z.string(), z.string().catch('')).catch({});
/** What can be read of an arrangement that may be malformed, so that one mistake doesn't hide another. */
const readablePart = z
  .object({ daysOff: table, makeUpDays: table, publishedOn: z.string().catch('') })
  .catch({ daysOff: {}, makeUpDays: {}, publishedOn: '' });

/**
 * Checks an arrangement that is to be tried out or published.
 * @param schema that of the preview or that of the publication
 * @param today Shanghai date
 * @throws Problem 422 with everything that is wrong with it
 */
export function checkArrangement(
  yearText: string,
  body: unknown,
  schema: typeof arrangementSchema | typeof publicationSchema,
  today: string,
): CheckedArrangement {
  const parsed = schema.safeParse(body ?? {});
  const year = Number(yearText);
  const unknownYear = yearErrors(yearText);
  // The days are checked even if something else is wrong, so that the answer names everything at once.
  const { publishedOn: dated, ...tables } = readablePart.parse(body);
  const days = arrangementProblems({ year, ...tables }).filter(
    ({ code }) => unknownYear.length === 0 || code !== 'outsideYear',
  );
  const errors = [
    ...unknownYear,
    ...(parsed.success ? [] : fieldErrors(parsed.error)),
    ...publicationErrors(dated, today),
    ...days.map(asFieldError),
  ];
  if (!parsed.success || errors.length > 0) throw problems.invalid(errors);
  const { daysOff, makeUpDays, circular = null, publishedOn = null, basedOn, acknowledged = false } = parsed.data;
  const arrangement: Arrangement = { year, daysOff, makeUpDays, circular, publishedOn, basis: 'published' };
  return { arrangement, basedOn, acknowledged };
}

function publicationErrors(publishedOn: string, today: string): FieldError[] {
  if (!isIsoDate(publishedOn) || publishedOn <= today) return [];
  return [{ field: 'publishedOn', code: 'invalid', detail: '公布日期不能晚于今天' }];
}

const details: Record<ArrangementProblem['code'], string> = {
  notADate: '日期有误,格式如 2026-11-23。',
  outsideYear: '日期不在该年度内(元旦假期可含上一年 12 月 25 日至 31 日),请核对年份。',
  offAndWorked: '同一天不能既放假又上班,请核对。',
  workedAnyway: '这一天本来就是工作日,调休上班日应为周六或周日。',
};

function asFieldError({ table: field, date, code }: ArrangementProblem): FieldError {
  return { field: `${field}.${date}`, code, detail: details[code] };
}
