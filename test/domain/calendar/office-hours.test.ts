import { expect, it } from '@jest/globals';
import { isWindowOpen, serves } from '../../../domain/calendar/office-hours.ts';
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

it.each([
  ['2026-11-23', '16:59', undefined, true],
  ['2026-11-23', '17:00', undefined, false],
  ['2026-11-23', '17:00', '2026-11-23 16:59', true],
  ['2026-11-23', '17:29', '2026-11-23 16:59', true],
  ['2026-11-23', '17:30', '2026-11-23 16:59', false],
  ['2026-11-23', '17:10', '2026-11-23 17:00', false],
  // Before it opened, too, and for the noon.
  ['2026-11-23', '12:20', '2026-11-23 08:50', true],
  ['2026-11-23', '12:20', '2026-11-23 12:05', false],
  ['2026-11-23', '12:30', '2026-11-23 11:50', false],
  ['2026-11-23', '17:10', '2026-11-23 11:50', true],
  // A ticket is one day's.
  ['2026-11-24', '17:10', '2026-11-23 16:59', false],
  ['2026-11-22', '17:10', '2026-11-22 16:59', false],
])('the window on %s at %s serves who took a ticket at %s: %s', (date, time, ticket, served) => {
  const [day = '', at = ''] = ticket?.split(' ') ?? [];
  const ticketTakenAt = ticket === undefined ? undefined : shanghaiInstant(day, at);
  expect(serves(stateCouncil, hours, { now: shanghaiInstant(date, time), ticketTakenAt, minutes: 30 })).toBe(served);
});
