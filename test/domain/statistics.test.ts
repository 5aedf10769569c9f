import { describe, expect, it } from '@jest/globals';
import { addDays } from '../../domain/dates.ts';
import { ageBandsOn, type Count, statistics } from '../../domain/statistics.ts';
import { stateCouncil } from '../harness/rules/calendars.ts';

const inAll = (measures: Record<string, number>): Count[] =>
  Object.entries(measures).map(([measure, n]) => ({ by: 'total', code: null, measure, n }));
const decided = (total: number, onTime: number) =>
  statistics(inAll({ 'decided.total': total, 'decided.onTime': onTime }), 3).total.decided;

describe('statistics', () => {
  it('of nothing are zeros, and no rate', () => {
    const { total, groups } = statistics([], 2);
    expect(groups).toEqual([]);
    expect(total).toMatchObject({
      filed: 0,
      open: { total: 0, overdue: 0, byAge: { '0-5': 0, '6-10': 0, '11-15': 0, '16+': 0 } },
      decided: { total: 0, onTimeRate: null, medianDays: null, longestDays: null },
      escalations: { total: 0, byLevel: { 1: 0, 2: 0 } },
    });
  });

  it.each([
    [3, 3, 1],
    [3, 2, 0.6666],
    [30_000, 29_999, 0.9999],
    [3, 0, 0],
  ])('of %d decided, %d on time, have the rate %d: only all is 1', (total, onTime, rate) => {
    expect(decided(total, onTime).onTimeRate).toBe(rate);
  });

  it('show a median of no days as such', () => {
    const counts = inAll({ 'decided.total': 1, 'decided.medianDays': 0, 'decided.longestDays': 0 });
    expect(statistics(counts, 3).total.decided).toMatchObject({ medianDays: 0, longestDays: 0 });
  });

  it('keep the groups apart, nobody and the total too', () => {
    const counts: Count[] = [
      { by: 'total', code: null, measure: 'filed', n: 6 },
      { by: 'reviewer', code: null, measure: 'filed', n: 1 },
      { by: 'reviewer', code: 'r1', measure: 'filed', n: 2 },
      { by: 'disease', code: 'r1', measure: 'filed', n: 3 },
    ];
    const { total, groups } = statistics(counts, 3);
    expect(total.filed).toBe(6);
    expect(groups.map(({ by, code, filed }) => [by, code, filed])).toEqual([
      ['disease', 'r1', 3],
      ['reviewer', null, 1],
      ['reviewer', 'r1', 2],
    ]);
  });
});

describe('the ages of open cases', () => {
  /** Working days from `acceptedOn` to `today`, counted by hand: 22 to 24 June 2023 were off, Sunday 25 was worked. */
  const bandOf = (acceptedOn: string, today: string) =>
    ageBandsOn(today, stateCouncil).find(({ since }) => since === null || acceptedOn >= since)?.band;

  it.each([
    ['2023-06-20', '2023-06-20', '0-5'],
    ['2023-06-20', '2023-06-29', '6-10'], // 21, 25, 26, 27, 28, 29
    ['2023-06-20', '2023-06-28', '0-5'],
    ['2023-06-20', '2023-07-12', '11-15'],
    ['2023-06-20', '2023-07-13', '16+'],
    ['2023-06-25', '2023-07-02', '0-5'], // a Sunday adds nothing: 26 to 30
    ['2023-06-24', '2023-07-02', '6-10'], // accepted on a day off, 25 counts
    ['2022-01-01', '2023-07-02', '16+'],
  ])('accepted on %s, on %s: %s', (acceptedOn, today, band) => {
    expect(bandOf(acceptedOn, today)).toBe(band);
  });

  it('take a case accepted later (a clock ahead of the database) for a new one', () => {
    expect(bandOf(addDays('2023-06-20', 1), '2023-06-20')).toBe('0-5');
  });
});
