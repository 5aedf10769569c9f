import { describe, expect, it } from '@jest/globals';
import { substituteDays } from '../../../domain/calendar/statutory.ts';

const substitutes = (...dates: string[]) =>
  substituteDays(dates.map((date) => ({ date, name: '节日' }))).map(({ date }) => date);

describe('substitute days', () => {
  it.each([
    ['a weekday has none', ['2026-10-01'], []],
    ['a Saturday has the Monday after it', ['2027-05-01'], ['2027-05-03']],
    ['a Sunday has the Monday after it', ['2026-04-05'], ['2026-04-06']],
    ['a weekend has Monday and Tuesday', ['2027-10-02', '2027-10-03'], ['2027-10-04', '2027-10-05']],
    [
      'they follow the whole holiday',
      ['2027-02-05', '2027-02-06', '2027-02-07', '2027-02-08'],
      ['2027-02-09', '2027-02-10'],
    ],
    [
      'of two on one day the second has the next working day',
      ['2020-10-01', '2020-10-02', '2020-10-01'],
      ['2020-10-05'],
    ],
  ])('%s', (_, days, expected) => {
    expect(substitutes(...days)).toEqual(expected);
  });

  it('are called after their festival', () => {
    expect(substituteDays([{ date: '2026-04-05', name: '清明节' }])).toEqual([
      { date: '2026-04-06', name: '清明节补假' },
    ]);
  });
});
