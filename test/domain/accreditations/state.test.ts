import { describe, expect, it } from '@jest/globals';
import {
  type AccreditationState,
  accreditationAfter,
  grantedAccreditation,
  grantedPeriod,
  hasHeard,
} from '../../../domain/accreditations/state.ts';

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

it('a renewal that was filed after an earlier one came to nothing counts, though that end is heard only afterwards', () => {
  const filed = (acceptanceNumber: string) =>
    ({ name: 'renewalFiled', payload: { acceptanceNumber, filedOn: '2026-12-20' } }) as const;
  const first = accreditationAfter(grantedAccreditation('2025-01-01', '2026-12-31'), filed('1'), '2026-12-20');
  const second = first && accreditationAfter(first, filed('2'), '2026-12-20');
  expect(second?.renewal).toEqual({ acceptanceNumber: '2', inTime: true });
  expect(second && accreditationAfter(second, filed('2'), '2026-12-20')).toBeNull();
  const ended = { name: 'renewalEnded', payload: { acceptanceNumber: '1' } } as const;
  expect(second && accreditationAfter(second, ended, '2026-12-21')).toBeNull();
});

it('a renewal that has come to nothing is not taken for a new one when its filing is heard again', () => {
  const filed = { name: 'renewalFiled', payload: { acceptanceNumber: '1', filedOn: '2026-12-20' } } as const;
  const ended = { name: 'renewalEnded', payload: { acceptanceNumber: '1' } } as const;
  const granted = grantedAccreditation('2025-01-01', '2026-12-31');
  const after = [filed, ended].reduce<AccreditationState>(
    (state, event) => accreditationAfter(state, event, '2026-12-21') as AccreditationState,
    granted,
  );
  expect(after).toEqual({ ...granted, notRenewedBy: '1' });
  expect(hasHeard(after, filed)).toBe(true);
  expect(accreditationAfter(after, filed, '2026-12-21')).toBeNull();
});
