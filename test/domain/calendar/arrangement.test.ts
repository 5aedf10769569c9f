import { describe, expect, it } from '@jest/globals';
import { arrangementProblems, isSameArrangement } from '../../../domain/calendar/arrangement.ts';
import { publishedArrangement, publishedYears, supersededArrangements } from '../../../policy/calendar/arrangements.ts';

const problems = (daysOff: string[], makeUpDays: string[] = []) => {
  const named = (dates: string[]) => Object.fromEntries(dates.map((date) => [date, '节日']));
  const wrong = arrangementProblems({ year: 2026, daysOff: named(daysOff), makeUpDays: named(makeUpDays) });
  return wrong.map(({ table, date, code }) => `${table} ${date} ${code}`);
};

describe('an arrangement', () => {
  it('is the same in whatever order its days are listed, and another with another day, name or circular', () => {
    const arrangement = publishedArrangement(2026);
    const daysOff = Object.fromEntries(Object.entries(arrangement.daysOff).reverse());
    expect(isSameArrangement(arrangement, { ...arrangement, daysOff })).toBe(true);
    for (const change of [
      { daysOff: { ...daysOff, '2026-11-11': '节日' } },
      { daysOff: { ...daysOff, '2026-10-01': '节日' } },
      { makeUpDays: {} },
      { circular: '国办发明电〔2026〕1号' },
      { publishedOn: '2026-01-01' },
    ]) {
      expect(isSameArrangement(arrangement, { ...arrangement, ...change })).toBe(false);
    }
  });

  it.each([
    ['a day off in the week, or on a weekend inside a holiday', ['2026-10-01', '2026-10-03'], []],
    ['a Saturday and a Sunday worked', ['2026-10-01'], ['2026-10-10', '2026-09-20']],
    ['the first and the last day of the year', ['2026-01-01', '2026-12-31'], []],
    ['the last days of the December before', ['2025-12-25', '2025-12-31'], ['2025-12-27', '2025-12-28']],
  ])('may have %s', (_, daysOff, makeUpDays) => {
    expect(problems(daysOff, makeUpDays)).toEqual([]);
  });

  it.each([
    ['a day that does not exist', ['2026-02-29'], [], ['daysOff 2026-02-29 notADate']],
    ['a day in another form', ['2026-2-1'], ['10.10.'], ['daysOff 2026-2-1 notADate', 'makeUpDays 10.10. notADate']],
    ['a day of the year before', ['2025-12-24'], [], ['daysOff 2025-12-24 outsideYear']],
    ['a day of January after', ['2027-01-01'], [], ['daysOff 2027-01-01 outsideYear']],
    ['a make-up day of the year after', [], ['2027-01-02'], ['makeUpDays 2027-01-02 outsideYear']],
    ['a day both off and worked', ['2026-10-10'], ['2026-10-10'], ['makeUpDays 2026-10-10 offAndWorked']],
    ['a make-up day that is worked anyway', [], ['2026-10-12'], ['makeUpDays 2026-10-12 workedAnyway']],
    [
      'a Monday both off and made up for',
      ['2026-10-12'],
      ['2026-10-12'],
      ['makeUpDays 2026-10-12 offAndWorked', 'makeUpDays 2026-10-12 workedAnyway'],
    ],
  ])('may not have %s', (_, daysOff, makeUpDays, expected) => {
    expect(problems(daysOff, makeUpDays)).toEqual(expected);
  });

  it('is told everything that is wrong with it at once', () => {
    expect(problems(['x', '2025-01-01'], ['y', '2026-10-12'])).toHaveLength(4);
  });

  it.each(publishedYears())('of %d, as it was published, has nothing wrong', (year) => {
    expect(arrangementProblems(publishedArrangement(year))).toEqual([]);
  });

  it('that was superseded had nothing wrong either', () => {
    expect(supersededArrangements().flatMap(arrangementProblems)).toEqual([]);
  });
});
