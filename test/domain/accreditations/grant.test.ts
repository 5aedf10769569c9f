import { describe, expect, it } from '@jest/globals';
import { grantedPeriod } from '../../../domain/accreditations/grant.ts';

describe('the period that an approval grants', () => {
  const renews = { validUntil: '2026-12-31', filedOn: '2026-12-01' };
  it.each([
    ['of a disease that is never reviewed again', { validMonths: null }, '2026-11-23', null],
    ['of one that is', { validMonths: 24 }, '2026-11-23', '2028-11-22'],
    ['from the reviewer’s day on', { validMonths: 24, validFrom: '2026-12-01' }, '2026-12-01', '2028-11-30'],
    ['until the reviewer’s day', { validMonths: 24, validUntil: '2027-05-31' }, '2026-11-23', '2027-05-31'],
    [
      'by a renewal decided before the end: at once, and counted from the end',
      { validMonths: 24, renews },
      '2026-11-23',
      '2028-12-31',
    ],
    [
      'by one filed in time and decided after',
      { validMonths: 24, renews, decidedOn: '2027-01-20' },
      '2027-01-01',
      '2028-12-31',
    ],
    [
      'by one filed after the end',
      { validMonths: 24, renews: { ...renews, filedOn: '2027-01-05' }, decidedOn: '2027-01-20' },
      '2027-01-20',
      '2029-01-19',
    ],
  ])('%s', (_, changes, validFrom, validUntil) => {
    expect(grantedPeriod({ decidedOn: '2026-11-23', ...changes })).toEqual({ validFrom, validUntil });
  });
});
