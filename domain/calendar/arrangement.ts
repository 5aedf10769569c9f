import { isIsoDate, isWeekend } from '../dates.ts';
import { type Arrangement, mayRule } from './working-days.ts';

export interface ArrangementProblem {
  table: 'daysOff' | 'makeUpDays';
  date: string;
  code: 'notADate' | 'outsideYear' | 'offAndWorked' | 'workedAnyway';
}

/**
 * Everything that is wrong with the days of an arrangement: what is no date, can't be ruled by this year's circular, is
 * both off and worked, or is a make-up day on a day that is worked anyway. Empty when it can be published.
 */
export function arrangementProblems({
  year,
  daysOff,
  makeUpDays,
}: Pick<Arrangement, 'year' | 'daysOff' | 'makeUpDays'>): ArrangementProblem[] {
  const of = (table: ArrangementProblem['table'], date: string): ArrangementProblem[] => {
    const problem = (code: ArrangementProblem['code']) => ({ table, date, code });
    if (!isIsoDate(date)) return [problem('notADate')];
    if (!mayRule(year, date)) return [problem('outsideYear')];
    if (table === 'daysOff') return [];
    return [
      ...(Object.hasOwn(daysOff, date) ? [problem('offAndWorked')] : []),
      ...(isWeekend(date) ? [] : [problem('workedAnyway')]),
    ];
  };
  return [
    ...Object.keys(daysOff).flatMap((date) => of('daysOff', date)),
    ...Object.keys(makeUpDays).flatMap((date) => of('makeUpDays', date)),
  ];
}

/** Whether two arrangements say the same, in whatever order they list their days. */
export function isSameArrangement(one: Arrangement, other: Arrangement): boolean {
  return inOrder(one) === inOrder(other);
}

function inOrder({ year, daysOff, makeUpDays, circular, publishedOn, basis }: Arrangement): string {
  const days = [daysOff, makeUpDays].map((table) => Object.entries(table).sort());
  return JSON.stringify([year, days, circular, publishedOn, basis]);
}
