import { describe, expect, it } from '@jest/globals';
import { judgeTry, nextCodeAt, takesNewPhone } from '../../../domain/people/phone-code.ts';

const at = (time: string) => `2026-11-23T${time}:00.000Z`;
const sent = { expiresAt: at('09:10'), confirmedAt: null, wrongTries: 0 };

describe('a try to confirm a new phone', () => {
  it.each([
    ['with the right code', sent, true, '09:09', 'right'],
    ['with a wrong one', sent, false, '09:09', 'wrong'],
    ['with the right one after the last wrong one that it bears', { ...sent, wrongTries: 4 }, true, '09:09', 'right'],
    ['with the right one, too late', sent, true, '09:10', 'expired'],
    ['with a wrong one, too late', sent, false, '09:10', 'expired'],
    ['after too many wrong ones', { ...sent, wrongTries: 5 }, true, '09:09', 'usedUp'],
    ['a second time', { ...sent, confirmedAt: at('09:05') }, true, '10:00', 'confirmedBefore'],
    ['with another code than the confirmed one', { ...sent, confirmedAt: at('09:05') }, false, '09:06', 'none'],
  ])('%s', (_, code, matches, now, verdict) => {
    expect(judgeTry(code, matches, at(now), 5)).toBe(verdict);
  });
});

describe('another code for a case', () => {
  it.each([
    ['is there while the hour has not had its share', ['09:00', '09:10'], '09:20', null],
    ['waits until the first of them is an hour old', ['09:00', '09:10', '09:20'], '09:59', '10:00'],
    ['is there then', ['09:00', '09:10', '09:20'], '10:00', null],
    ['counts the last ones only', ['07:00', '09:00', '09:10', '09:20'], '09:30', '10:00'],
  ])('%s', (_, before, now, next) => {
    expect(nextCodeAt(before.map(at), 3, at(now))).toBe(next && at(next));
  });
});

describe('a new phone', () => {
  it.each([
    ['while the case goes on', { closed: false, status: 'underReview' }, false, true],
    ['while what was approved is registered', { closed: false, status: 'approved' }, false, true],
    ['while there is what it brought', { closed: true, status: 'approved' }, true, true],
    ['not once that is over, too', { closed: true, status: 'approved' }, false, false],
    ['not where it brought nothing', { closed: true, status: 'withdrawn' }, true, false],
  ] as const)('is taken %s', (_, state, lasts, taken) => {
    expect(takesNewPhone(state, lasts)).toBe(taken);
  });
});
