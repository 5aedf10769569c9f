import { describe, expect, it } from '@jest/globals';
import { type CaseDates, datesOf, type Moves, movesEarlier, movesOf } from '../../../domain/calendar/moves.ts';

const [monday, tuesday, friday] = ['2026-11-23', '2026-11-24', '2026-11-27'];
const dates = (dueOn: string | null, windowEndsOn: string | null = null): CaseDates => ({ dueOn, windowEndsOn });

describe('what a changed calendar did to the dates of a case', () => {
  it.each<[string, CaseDates, CaseDates, Moves, boolean]>([
    ['nothing', dates(monday), dates(monday), {}, false],
    ['the due date came later', dates(monday), dates(friday), { dueOn: { from: monday, to: friday } }, false],
    ['the due date came earlier', dates(friday), dates(monday), { dueOn: { from: friday, to: monday } }, true],
    [
      'the window ends earlier',
      dates(null, friday),
      dates(null, tuesday),
      { windowEndsOn: { from: friday, to: tuesday } },
      true,
    ],
    [
      'one of two came earlier',
      dates(monday, friday),
      dates(tuesday, tuesday),
      { dueOn: { from: monday, to: tuesday }, windowEndsOn: { from: friday, to: tuesday } },
      true,
    ],
    ['the clock stands still since', dates(monday), dates(null), {}, false],
    ['the clock stood still then', dates(null), dates(monday), {}, false],
  ])('%s', (_, announced, now, moves, earlier) => {
    expect(movesOf(announced, now)).toEqual(moves);
    expect(movesEarlier(movesOf(announced, now))).toBe(earlier);
  });

  it('a rejected case has no due date any more, whatever its ledger says', () => {
    expect(datesOf({ status: 'rejected' }, dates(monday, friday))).toEqual(dates(null, friday));
    expect(datesOf({ status: 'underReview' }, dates(monday, friday))).toEqual(dates(monday, friday));
  });
});
