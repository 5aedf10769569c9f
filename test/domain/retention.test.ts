import { expect, it } from '@jest/globals';
import { cutoffs } from '../../domain/retention.ts';

const rules = {
  ...{ caseYears: 10, accreditationYears: 5, inboxDays: 30, notificationDays: 730, callDays: 365, requestDays: 7 },
};

it.each([
  ['2026-11-27', 'accreditations', '2021-11-26T16:00:00.000Z'],
  ['2026-11-27', 'cases', '2016-11-26T16:00:00.000Z'],
  ['2028-02-29', 'accreditations', '2023-02-27T16:00:00.000Z'],
  ['2026-11-27', 'inbox', '2026-10-27T16:00:00.000Z'],
  ['2026-11-27', 'notifications', '2024-11-26T16:00:00.000Z'],
  ['2026-11-27', 'calls', '2025-11-26T16:00:00.000Z'],
  ['2026-11-27', 'requests', '2026-11-19T16:00:00.000Z'],
] as const)('on %s, %s that came to an end before %s are kept no longer', (today, what, before) => {
  expect(cutoffs(rules, today)[what]).toBe(before);
});
