import { describe, expect, it } from '@jest/globals';
import { shanghaiInstant, shanghaiMinute } from '../../../domain/dates.ts';
import { type Leaving, leavesAgainAt, leavesAt } from '../../../domain/notifications/sending-hours.ts';
import { stateCouncil } from '../../harness/rules/calendars.ts';

const hours = { from: '09:00', to: '17:00' };
const instant = (minute: string) => shanghaiInstant(minute.slice(0, 10), minute.slice(11));

describe('a notification that is due', () => {
  // 2026-09-30 is a Wednesday, the National Day holiday ends on 2026-10-07, and the 10th is a make-up Saturday.
  it.each<[leaving: Leaving, due: string, leaves: string]>([
    ['anyTime', '2026-10-01 03:00', '2026-10-01 03:00'],
    ['sendingHours', '2026-09-30 08:59', '2026-09-30 09:00'],
    ['sendingHours', '2026-09-30 09:00', '2026-09-30 09:00'],
    ['sendingHours', '2026-09-30 12:30', '2026-09-30 12:30'],
    ['sendingHours', '2026-09-30 16:59', '2026-09-30 16:59'],
    ['sendingHours', '2026-09-30 17:00', '2026-10-08 09:00'],
    ['sendingHours', '2026-10-03 12:00', '2026-10-08 09:00'],
    ['sendingHours', '2026-10-09 23:00', '2026-10-10 09:00'],
    ['sendingHours', '2026-10-10 18:00', '2026-10-12 09:00'],
    ['collected', '2026-09-30 09:00', '2026-09-30 10:00'],
    ['collected', '2026-09-30 09:59', '2026-09-30 10:00'],
    ['collected', '2026-09-30 16:20', '2026-09-30 17:00'],
    ['collected', '2026-09-30 20:00', '2026-10-08 10:00'],
  ])('%s at %s leaves at %s', (leaving, due, leaves) => {
    expect(shanghaiMinute(leavesAt(stateCouncil, hours, leaving, instant(due)))).toBe(leaves);
  });

  it('with others waits no longer than the sending hours last', () => {
    const until = { from: '09:00', to: '16:30' };
    const at = leavesAt(stateCouncil, until, 'collected', instant('2026-09-30 16:10'));
    expect(shanghaiMinute(at)).toBe('2026-09-30 16:30');
  });
});

describe('a notification that is tried (again)', () => {
  it.each<[leaving: Leaving, now: string, leaves: string]>([
    ['anyTime', '2026-10-01 03:00', '2026-10-01 03:00'],
    ['sendingHours', '2026-09-30 11:00', '2026-09-30 11:00'],
    ['collected', '2026-09-30 17:00', '2026-09-30 17:00'],
    ['collected', '2026-09-30 17:04', '2026-09-30 17:04'],
    ['sendingHours', '2026-09-30 17:05', '2026-10-08 09:00'],
    ['sendingHours', '2026-09-30 08:00', '2026-09-30 09:00'],
    ['sendingHours', '2026-09-30 09:01', '2026-09-30 09:01'],
  ])('%s at %s leaves at %s', (leaving, now, leaves) => {
    expect(shanghaiMinute(leavesAgainAt(stateCouncil, hours, leaving, instant(now)))).toBe(leaves);
  });
});
