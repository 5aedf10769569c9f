import { describe, expect, it } from '@jest/globals';
import { arrangementWarnings } from '../../../domain/calendar/warnings.ts';
import { estimatedArrangement, publishedArrangement } from '../../../policy/calendar/arrangements.ts';
import { statutoryDays } from '../../../policy/calendar/statutory.ts';

type Days = Record<string, string>;
const y2026 = publishedArrangement(2026);
const without = (days: Days, ...dates: string[]): Days =>
  Object.fromEntries(Object.entries(days).filter(([date]) => !dates.includes(date)));
const warnings = (change: { daysOff?: Days; makeUpDays?: Days }, local?: string[]) =>
  arrangementWarnings({ ...y2026, ...change }, statutoryDays(2026), local);
const balance = (code: string, weekdaysOff: number, makeUpDays: number) => ({
  ...{ code, weekdaysOff, statutory: 13, makeUpDays },
});

describe('an arrangement looks right', () => {
  it.each([2014, 2016, 2017, 2018, 2019, 2021, 2022, 2023, 2024, 2025, 2026])('as published for %d', (year) => {
    expect(arrangementWarnings(publishedArrangement(year), statutoryDays(year))).toEqual([]);
  });

  it.each(Array.from({ length: 30 }, (_, index) => 2027 + index))('as estimated for %d', (year) => {
    expect(arrangementWarnings(estimatedArrangement(year), statutoryDays(year))).toEqual([]);
  });

  it('with a day that the city adds, which nobody makes up for', () => {
    expect(warnings({ daysOff: { ...y2026.daysOff, '2026-07-01': '地方假日' } }, ['2026-07-01'])).toEqual([]);
  });
});

describe('an arrangement looks wrong', () => {
  it('where a statutory day is not off', () => {
    expect(warnings({ daysOff: without(y2026.daysOff, '2026-06-19', '2026-10-01', '2026-10-02') })).toEqual([
      { code: 'statutoryDayWorked', name: '端午节', dates: ['2026-06-19'] },
      { code: 'statutoryDayWorked', name: '国庆节', dates: ['2026-10-01', '2026-10-02'] },
      balance('tooManyMakeUpDays', 16, 6),
    ]);
  });

  it('where a statutory day on a weekend is worked, not where it is only not named', () => {
    const daysOff = without(y2026.daysOff, '2026-05-02');
    expect(warnings({ daysOff })).toEqual([]);
    const worked = warnings({
      daysOff,
      makeUpDays: { ...without(y2026.makeUpDays, '2026-05-09'), '2026-05-02': '劳动节' },
    });
    expect(worked).toEqual([{ code: 'statutoryDayWorked', name: '劳动节', dates: ['2026-05-02'] }]);
  });

  it('with two make-up days too many, or one too few', () => {
    const { makeUpDays } = y2026;
    expect(warnings({ makeUpDays: { ...makeUpDays, '2026-05-10': '劳动节', '2026-05-16': '劳动节' } })).toEqual([
      balance('tooManyMakeUpDays', 19, 8),
    ]);
    expect(warnings({ makeUpDays: without(makeUpDays, '2026-05-09') })).toEqual([balance('tooFewMakeUpDays', 19, 5)]);
    expect(warnings({ daysOff: { ...y2026.daysOff, '2026-03-09': '临时放假' } })).toEqual([
      balance('tooFewMakeUpDays', 20, 6),
    ]);
  });

  it('as the extended Spring Festival of 2020 does', () => {
    expect(arrangementWarnings(publishedArrangement(2020), statutoryDays(2020))).toEqual([
      { code: 'tooFewMakeUpDays', weekdaysOff: 19, statutory: 11, makeUpDays: 6 },
    ]);
  });

  it('where a holiday is far from its festival: a month after it, or on last year’s date', () => {
    const month = { ...without(y2026.daysOff, '2026-09-25'), '2026-10-26': '中秋节' };
    expect(warnings({ daysOff: month })).toContainEqual({
      code: 'farFromFestival',
      name: '中秋节',
      dates: ['2026-10-26'],
    });
    const early = { ...y2026.daysOff, '2026-01-28': '春节', '2026-01-29': '春节' };
    expect(warnings({ daysOff: early })).toContainEqual({
      code: 'farFromFestival',
      name: '春节',
      dates: ['2026-01-28', '2026-01-29'],
    });
  });

  it('where a make-up day is far from the holiday that it makes up for', () => {
    const makeUpDays = { ...without(y2026.makeUpDays, '2026-10-10'), '2026-11-14': '国庆节' };
    expect(warnings({ makeUpDays })).toEqual([{ code: 'farFromFestival', name: '国庆节', dates: ['2026-11-14'] }]);
  });
});
