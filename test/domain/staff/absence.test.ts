import { describe, expect, it } from '@jest/globals';
import { type Absence, absenceProblems, isAbsentOn, takerOn } from '../../../domain/staff/absence.ts';

const today = '2026-11-23';
const reviewers = ['r1', 'r2', 'r3'];
const absent = (staffId: string, from: string, until: string, to: string): Absence => ({ staffId, from, until, to });

describe('an absence as it is entered', () => {
  const standing = [absent('r2', '2026-12-01', '2026-12-05', 'r3')];
  const enter = (from: string, until: string, to: string) =>
    absenceProblems({ staffId: 'r1', period: { from, until }, to }, today, reviewers, standing);

  it.each([
    ['today, for a day', '2026-11-23', '2026-11-23', 'r2', []],
    ['begun already', '2026-11-20', '2026-11-23', 'r2', []],
    ['over', '2026-11-20', '2026-11-22', 'r2', ['over']],
    ['backwards', '2026-11-25', '2026-11-24', 'r2', ['endsTooEarly']],
    ['to somebody who reviews nothing', '2026-11-24', '2026-11-25', 'c1', ['notAReviewer']],
    ['to oneself', '2026-11-24', '2026-11-25', 'r1', ['samePerson']],
    ['until the day before the other is absent', '2026-11-24', '2026-11-30', 'r2', []],
    ['until the day on which the other is absent', '2026-11-24', '2026-12-01', 'r2', ['absentToo']],
    ['from the last day on which the other is absent', '2026-12-05', '2026-12-09', 'r2', ['absentToo']],
    ['with everything wrong', '2026-11-22', '2026-11-21', 'c1', ['endsTooEarly', 'notAReviewer']],
  ])('%s', (_, from, until, to, problems) => {
    expect(enter(from, until, to)).toEqual(problems);
  });

  it('is judged by what can be read of it', () => {
    expect(absenceProblems({ staffId: 'r1', to: 'r1' }, today, reviewers, standing)).toEqual(['samePerson']);
    const period = { from: '2026-11-20', until: '2026-11-21' };
    expect(absenceProblems({ staffId: 'r1', period }, today, reviewers, standing)).toEqual(['over']);
  });
});

it('lasts from its first to its last day, both included', () => {
  const absence = absent('r1', '2026-12-01', '2026-12-03', 'r2');
  const dates = ['2026-11-30', '2026-12-01', '2026-12-03', '2026-12-04'];
  expect(dates.map((date) => isAbsentOn(absence, date))).toEqual([false, true, true, false]);
});

describe('who takes over', () => {
  it('is the one who was named, or who takes over from them where they are absent by then', () => {
    const standing = [absent('r2', '2026-12-01', '2026-12-02', 'r3')];
    expect(takerOn('2026-11-30', 'r2', standing)).toBe('r2');
    expect(takerOn('2026-12-01', 'r2', standing)).toBe('r3');
    expect(takerOn('2026-12-01', 'r2', [...standing, absent('r3', '2026-12-01', '2026-12-01', 'r4')])).toBe('r4');
  });

  it('is somebody even where two name each other', () => {
    const standing = [absent('r1', today, today, 'r2'), absent('r2', today, today, 'r1')];
    expect(['r1', 'r2']).toContain(takerOn(today, 'r1', standing));
  });
});
