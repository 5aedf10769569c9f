import { expect, it } from '@jest/globals';
import { type AccreditationState, grantedAccreditation } from '../../../domain/accreditations/state.ts';
import { accreditationAfter, hasHeard } from '../../../domain/accreditations/transitions.ts';

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
