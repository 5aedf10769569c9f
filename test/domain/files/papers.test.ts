import { describe, expect, it } from '@jest/globals';
import { handingIn, validUntil } from '../../../domain/files/papers.ts';

describe('a paper', () => {
  it.each([
    ['of a person is theirs, whoever handed it in', 'person', 'scApp', true],
    ['that an agent hands in is one that they uploaded', 'agent', 'scApp', false],
    ['of a person may be used by the clerk to whom they came', 'clerk-1', 'window', true],
  ] as const)('%s', (_, by, channel, all) => {
    expect(handingIn({ by, person: 'person', channel })).toEqual({ by, person: 'person', all });
  });

  it.each([
    ['applicant', true],
    ['agent', false],
  ] as const)(
    'that a clerk hands in for the %s at the window, of an online case: all of the person’s %s',
    (of, all) => {
      const documentSeen = { document: 'residentIdCard', of } as const;
      expect(handingIn({ by: 'clerk-1', person: 'person', channel: 'scApp', documentSeen }).all).toBe(all);
    },
  );

  it.each([
    ['medicalRecord', '2026-03-15', 6, '2026-09-15'],
    ['medicalRecord', '2026-08-31', 6, '2027-02-28'],
    ['medicalRecord', '2026-08-29', 6, '2027-02-28'],
    ['medicalRecord', '2027-02-28', 6, '2027-08-31'],
    ['medicalRecord', '2026-06-30', 6, '2026-12-31'],
    ['medicalRecord', '2024-02-29', 12, '2025-02-28'],
    ['medicalRecord', null, 6, null],
    ['idCard', '2020-01-01', 6, null],
    ['photo', null, 6, null],
  ] as const)('%s of %s counts for %i months until %s', (kind, issuedOn, months, until) => {
    expect(validUntil(kind, issuedOn, months)).toBe(until);
  });
});
