import { createHash } from 'node:crypto';
import { explainDeadline, type Ledger } from '../../domain/calendar/deadline.ts';
import type { Calendar } from '../../domain/calendar/working-days.ts';
import { dayRuleNames } from '../../domain/names.ts';

/**
 * A due date, day by day from the acceptance: what counted, what didn't, why, and by which notice.
 * @param about what the explanation is of, if it is of a case
 */
export function explain(ledger: Ledger, calendar: Calendar, about: { acceptanceNumber?: string } = {}) {
  const { dueOn, provisional, left, days } = explainDeadline(ledger, calendar);
  const explanation = {
    ...about,
    ...ledger,
    calendarVersion: calendar.version,
    dueOn,
    provisional,
    /** Of a clock that stands still. */
    workingDaysLeft: dueOn === null ? left : null,
    days: days.map((day) => ({ ...day, ruleName: dayRuleNames[day.rule] })),
  };
  return { ...explanation, digest: digestOf(explanation) };
}

/**
 * SHA-256, in hex, of a JSON document with its keys sorted and without white space, in UTF-8 (the form of RFC 8785). Anybody can
 * recompute it from an answer: take `digest` out, then hash the rest.
 */
export function digestOf(document: object): string {
  const sorted = JSON.stringify(document, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(sorted).digest('hex');
}
