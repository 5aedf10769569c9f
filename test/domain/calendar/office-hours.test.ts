import { expect, it } from '@jest/globals';
import { isWindowOpen } from '../../../domain/calendar/office-hours.ts';
import { shanghaiInstant } from '../../../domain/dates.ts';
import { stateCouncil } from '../../harness/rules/calendars.ts';

const hours = [
  { from: '09:00', to: '12:00' },
  { from: '13:30', to: '17:00' },
];

it.each([
  ['2026-11-23', '08:59', false],
  ['2026-11-23', '09:00', true],
  ['2026-11-23', '11:59', true],
  ['2026-11-23', '12:00', false],
  ['2026-11-23', '13:29', false],
  ['2026-11-23', '13:30', true],
  ['2026-11-23', '17:00', false],
  ['2026-11-22', '10:00', false],
])('the window on %s at %s is open: %s', (date, time, open) => {
  expect(isWindowOpen(stateCouncil, hours, shanghaiInstant(date, time))).toBe(open);
});
