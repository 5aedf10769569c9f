import { createHash } from 'node:crypto';
import { deadline, explainDeadline, type Ledger } from '../../domain/calendar/deadline.ts';
import { movesEarlier } from '../../domain/calendar/moves.ts';
import type { Calendar } from '../../domain/calendar/working-days.ts';
import { dayRuleNames } from '../../domain/names.ts';
import { statuses } from '../../domain/vocabulary.ts';
import type { Publication } from '../../store/calendar/publish.ts';
import type { ArrangementRow } from '../../store/calendar/tables.ts';
import type { NameOf } from '../../store/staff/queries.ts';
import { date, instant } from '../http/answers.ts';
import { z } from '../http/zod.ts';
import { warning } from './warnings.ts';

const pause = z.object({ from: date, to: date.nullable() });
const explainedDay = z.object({
  date,
  counted: z.boolean(),
  rule: z.enum(['dayOfAcceptance', 'workingDay', 'makeUpDay', 'weekend', 'holiday', 'clockStopped']),
  ruleName: z.string(),
  name: z.string().optional().openapi({ description: 'Of the holiday' }),
  circular: z.string().optional().openapi({ description: 'The paper that decides the day' }),
  pause: pause.optional().openapi({ description: 'The clock stood still after `from`, up to and including `to`' }),
});

/** A due date with its reasons; with `acceptanceNumber` when it is that of a case. */
export const explanationAnswer = z
  .object({
    acceptanceNumber: z.string().optional(),
    acceptedOn: date,
    workingDays: z.number(),
    pauses: z.array(pause),
    calendarVersion: z.number(),
    dueOn: date.nullable().openapi({ description: 'Null while the clock stands still' }),
    provisional: z.boolean(),
    workingDaysLeft: z.number().nullable().openapi({ description: 'While the clock stands still' }),
    days: z.array(explainedDay),
    digest: z.string().openapi({
      description:
        'SHA-256 in hex of this answer without `digest`, as JSON with sorted keys and no white space in UTF-8 (RFC 8785)',
    }),
  })
  .openapi('Explanation');

export const dueDateAnswer = z
  .object({ dueOn: date, provisional: z.boolean() })
  .extend(explanationAnswer.omit({ dueOn: true, provisional: true, acceptanceNumber: true }).partial().shape);

const days = z.record(date, z.string());
const publishedArrangement = z.object({
  version: z
    .number()
    .openapi({ description: 'Of the calendar that brought it; 0 for what was changed before this system' }),
  daysOff: days,
  makeUpDays: days,
  circular: z.string().nullable(),
  publishedOn: date.nullable(),
  enteredBy: z.string(),
  enteredByName: z.string(),
  enteredAt: instant,
});

/** A year's days off, and all that was ever published for it. */
export const arrangementAnswer = z.object({
  year: z.number(),
  basis: z.enum(['published', 'estimated']),
  calendarVersion: z.number().openapi({ description: 'Of the whole calendar, now' }),
  daysOff: days,
  makeUpDays: days,
  circular: z.string().nullable(),
  publishedOn: date.nullable(),
  history: z.array(publishedArrangement),
});

const move = z.object({ from: date, to: date });
/** What a publication moves, or would move. */
export const publicationAnswer = z.object({
  year: z.number(),
  calendarVersion: z.number().openapi({ description: 'Of the calendar in force' }),
  earlier: z.number().openapi({ description: 'Cases of which a date comes earlier' }),
  later: z.number(),
  datesUnchanged: z
    .number()
    .openapi({ description: 'Cases of which only a reminder moves, or the date is no longer provisional' }),
  cases: z.array(
    z.object({
      acceptanceNumber: z.string(),
      status: z.enum(statuses),
      dueOn: move.optional(),
      windowEndsOn: move.optional().openapi({ description: "Last day of the applicant's window" }),
    }),
  ),
  warnings: z.array(warning).openapi({ description: 'What looks wrong, though it may be right' }),
  workflowId: z.string().optional().openapi({ description: 'Of the workflow that tells the cases' }),
});

/** The due date of a case without pauses, which always has one. @param explained adds the reasons, day by day */
export function dueDateView(
  ledger: Omit<Ledger, 'pauses'>,
  calendar: Calendar,
  explained: boolean,
): z.infer<typeof dueDateAnswer> {
  const unpaused = { ...ledger, pauses: [] };
  const { dueOn, provisional } = deadline(unpaused, calendar);
  return { ...(explained ? explain(unpaused, calendar) : {}), dueOn: dueOn as string, provisional };
}

/**
 * Explains a due date, day by day from the acceptance: which day counted, which didn't, and by which circular.
 * @param about the case that is explained, if it is one
 */
export function explain(
  ledger: Ledger,
  calendar: Calendar,
  about: { acceptanceNumber?: string } = {},
): z.infer<typeof explanationAnswer> {
  const { dueOn, provisional, left, days } = explainDeadline(ledger, calendar);
  const explanation = {
    ...about,
    ...ledger,
    calendarVersion: calendar.version,
    dueOn,
    provisional,
    // Only a clock that stands still has days left and no due date.
    workingDaysLeft: dueOn === null ? left : null,
    days: days.map((day) => ({ ...day, ruleName: dayRuleNames[day.rule] })),
  };
  return { ...explanation, digest: digestOf(explanation) };
}

/**
 * SHA-256, in hex, of a JSON document with its keys sorted and without white space, in UTF-8 (the form of RFC 8785).
 * Anybody can recompute it from an answer: take `digest` out, then hash the rest in that form.
 */
function digestOf(document: object): string {
  const sorted = JSON.stringify(document, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(sorted).digest('hex');
}

export function arrangementView(
  calendar: Calendar,
  year: number,
  history: ArrangementRow[],
  nameOf: NameOf,
): z.infer<typeof arrangementAnswer> {
  return {
    ...calendar.arrangement(year),
    calendarVersion: calendar.version,
    history: history.map(({ year: _, ...entry }) => ({ ...entry, enteredByName: nameOf(entry.enteredBy) })),
  };
}

/** @param workflowId of the workflow that tells the cases; undefined for a dry run, which publishes nothing */
export function publicationView(
  year: number,
  { version, affected }: Publication,
  warnings: z.infer<typeof warning>[],
  workflowId?: string,
): z.infer<typeof publicationAnswer> {
  const cases = affected
    .filter(({ moves }) => Object.keys(moves).length > 0)
    .map(({ acceptanceNumber, status, moves }) => ({ acceptanceNumber, status, ...moves }));
  const earlier = affected.filter(({ moves }) => movesEarlier(moves)).length;
  return {
    year,
    calendarVersion: version,
    earlier,
    later: cases.length - earlier,
    datesUnchanged: affected.length - cases.length,
    cases,
    warnings,
    ...(workflowId === undefined ? {} : { workflowId }),
  };
}
