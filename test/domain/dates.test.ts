import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addMonths,
  daysBetween,
  isIsoDate,
  isWeekend,
  shanghaiDate,
  shanghaiInstant,
  yearOf,
} from '../../domain/dates.ts';

const anyDate = fc.integer({ min: 0, max: 36_500 }).map((days) => addDays('2000-01-01', days));

describe('isIsoDate', () => {
  it.each(['2026-01-01', '2024-02-29', '2026-12-31'])('takes %s', (text) => {
    expect(isIsoDate(text)).toBe(true);
  });

  it.each([
    ['a day that the month lacks', '2026-02-30'],
    ['29 February of a common year', '2026-02-29'],
    ['month 13', '2026-13-01'],
    ['day 0', '2026-01-00'],
    ['single digits', '2026-1-1'],
    ['slashes', '2026/01/01'],
    ['an instant', '2026-01-01T00:00:00Z'],
    ['space around it', ' 2026-01-01'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(isIsoDate(text)).toBe(false);
  });
});

describe('addDays', () => {
  it.each([
    ['2026-12-31', 1, '2027-01-01'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-02-28', 1, '2026-03-01'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2026-03-01', 0, '2026-03-01'],
  ])('%s and %d days is %s', (date, days, expected) => {
    expect(addDays(date, days)).toBe(expected);
  });

  it('is undone by the days between, there and back', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -2000, max: 2000 }), (date, days) => {
        const other = addDays(date, days);
        expect(isIsoDate(other)).toBe(true);
        expect(daysBetween(date, other)).toBe(days);
        expect(addDays(other, -days)).toBe(date);
      }),
    );
  });
});

describe('addMonths', () => {
  it.each([
    ['2026-11-23', -6, '2026-05-23'],
    ['2026-08-31', -6, '2026-02-28'],
    ['2024-08-31', -6, '2024-02-29'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2026-05-31', 0, '2026-05-31'],
  ])('%s and %d months is %s', (date, months, expected) => {
    expect(addMonths(date, months)).toBe(expected);
  });

  it('comes back to the same day, up to the 28th', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -60, max: 60 }), (date, months) => {
        fc.pre(Number(date.slice(8)) <= 28);
        expect(addMonths(addMonths(date, months), -months)).toBe(date);
      }),
    );
  });

  it('never leaves the month it aims at, and never moves a later date before an earlier one', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -60, max: 60 }), (date, months) => {
        const monthOf = (text: string) => yearOf(text) * 12 + Number(text.slice(5, 7));
        expect(monthOf(addMonths(date, months))).toBe(monthOf(date) + months);
        expect(addMonths(addDays(date, 1), months) >= addMonths(date, months)).toBe(true);
      }),
    );
  });
});

describe('isWeekend', () => {
  it.each([
    ['2026-11-20', false],
    ['2026-11-21', true],
    ['2026-11-22', true],
    ['2026-11-23', false],
  ])('%s: %s', (date, expected) => {
    expect(isWeekend(date)).toBe(expected);
  });
});

describe('Shanghai', () => {
  it.each([
    ['2026-11-23T15:59:59.999Z', '2026-11-23'],
    ['2026-11-23T16:00:00.000Z', '2026-11-24'],
    ['2026-12-31T16:00:00.000Z', '2027-01-01'],
    ['2026-11-23T23:00:00.000-05:00', '2026-11-24'],
  ])('the instant %s falls on %s', (instant, date) => {
    expect(shanghaiDate(instant)).toBe(date);
  });

  it.each([
    ['00:00', '2026-11-22T16:00:00.000Z'],
    ['09:00', '2026-11-23T01:00:00.000Z'],
    ['17:00', '2026-11-23T09:00:00.000Z'],
    ['24:00', '2026-11-23T16:00:00.000Z'],
  ])('2026-11-23 %s is %s', (time, instant) => {
    expect(shanghaiInstant('2026-11-23', time)).toBe(instant);
  });

  it('an instant of a day falls on that day, its 24:00 on the next', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 0, max: 23 }), (date, hour) => {
        expect(shanghaiDate(shanghaiInstant(date, `${hour}:59`))).toBe(date);
        expect(shanghaiDate(shanghaiInstant(date, '24:00'))).toBe(addDays(date, 1));
      }),
    );
  });
});
