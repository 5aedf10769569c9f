import { describe, expect, it } from '@jest/globals';
import { missingCircular, mondayOf } from '../../../domain/calendar/missing-circular.ts';
import { calendarOf } from '../../harness/rules/calendars.ts';

describe('the circular that is missing', () => {
  it.each([
    ['until the end of November none is', '2026-11-30', null],
    ['from 1 December on that for the next year', '2026-12-01', 2027],
    ['on the last day of the year as well', '2026-12-31', 2027],
    ['in a year that began without one, its own', '2027-01-04', 2027],
    ['still its own, before that for the next', '2027-12-01', 2027],
  ])('%s: %s → %s', (_, date, year) => {
    expect(missingCircular(calendarOf([], [], 2027), date)).toBe(year);
  });

  it('is none once it is published', () => {
    expect(missingCircular(calendarOf([], [], 2028), '2026-12-31')).toBeNull();
  });
});

it.each([
  ['2026-11-30', '2026-11-30'],
  ['2026-12-01', '2026-11-30'],
  ['2026-12-06', '2026-11-30'],
  ['2026-12-07', '2026-12-07'],
  ['2027-01-01', '2026-12-28'],
])('the Monday of the week of %s is %s', (date, monday) => {
  expect(mondayOf(date)).toBe(monday);
});
