import { describe, expect, it } from '@jest/globals';
import { dayWithLeft, deadline, explainDeadline, type Pause } from '../../../domain/calendar/deadline.ts';
import { calendarOf, stateCouncil } from '../../harness/rules/calendars.ts';

const due = (acceptedOn: string, pauses: Pause[] = [], workingDays = 15) =>
  explainDeadline({ acceptedOn, workingDays, pauses }, stateCouncil);

describe('fifteen working days', () => {
  it.each([
    ['around 1 May 2019, as changed on 22 March', '2019-04-10', '2019-04-30'],
    ['over the Spring Festival of 2020, as extended on 27 January', '2020-01-15', '2020-02-12'],
    ['without a holiday', '2026-11-23', '2026-12-14'],
    ['accepted on a Saturday', '2026-11-21', '2026-12-11'],
    ['accepted on the Friday before', '2026-11-20', '2026-12-11'],
    ['accepted on a make-up Saturday, which is not counted', '2026-02-14', '2026-03-13'],
    ['accepted on a holiday', '2026-10-03', '2026-10-27'],
    ['over New Year, with a make-up Sunday', '2025-12-25', '2026-01-16'],
  ])('%s: %s → %s', (_, acceptedOn, dueOn) => {
    expect(due(acceptedOn)).toMatchObject({ dueOn, provisional: false, left: 0 });
  });
});

describe('pauses, of a case that is due on 2026-12-14 without any', () => {
  it.each<[string, Pause[], string]>([
    ['five working days stopped', [{ from: '2026-11-25', to: '2026-12-02' }], '2026-12-21'],
    ['stopped and resumed on the same day', [{ from: '2026-11-26', to: '2026-11-26' }], '2026-12-14'],
    ['stopped over a weekend', [{ from: '2026-11-27', to: '2026-11-29' }], '2026-12-14'],
    ['stopped on the day of acceptance', [{ from: '2026-11-23', to: '2026-11-30' }], '2026-12-21'],
    [
      'two',
      [
        { from: '2026-11-25', to: '2026-11-27' },
        { from: '2026-12-03', to: '2026-12-07' },
      ],
      '2026-12-18',
    ],
    [
      'two that meet on a day',
      [
        { from: '2026-11-25', to: '2026-11-27' },
        { from: '2026-11-27', to: '2026-11-30' },
      ],
      '2026-12-17',
    ],
    ['begins the day before it is due', [{ from: '2026-12-11', to: '2026-12-16' }], '2026-12-17'],
    ['begins on the day it is due', [{ from: '2026-12-14', to: '2026-12-20' }], '2026-12-14'],
    ['begins after it was due', [{ from: '2026-12-15', to: '2026-12-31' }], '2026-12-14'],
    ['begins after it was due and still runs', [{ from: '2026-12-15', to: null }], '2026-12-14'],
  ])('%s', (_, pauses, dueOn) => {
    expect(due('2026-11-23', pauses)).toMatchObject({ dueOn, left: 0 });
  });

  it.each<[string, Pause[], string]>([
    ['none', [], '2026-03-06'],
    [
      'across it: two days before and two after, and the make-up day',
      [{ from: '2026-02-11', to: '2026-02-25' }],
      '2026-03-13',
    ],
    ['within it costs nothing', [{ from: '2026-02-14', to: '2026-02-23' }], '2026-03-06'],
  ])('over the Spring Festival, accepted on 2026-02-09: %s', (_, pauses, dueOn) => {
    expect(due('2026-02-09', pauses).dueOn).toBe(dueOn);
  });
});

describe('while the clock stands still', () => {
  it('there is no due date, but what is left of the days', () => {
    const stopped = due('2026-11-23', [{ from: '2026-11-30', to: null }]);
    expect(stopped).toMatchObject({ dueOn: null, left: 10, provisional: false });
    expect(stopped.days.at(-1)?.date).toBe('2026-11-30');
  });

  it('nothing is used up when it stopped on the day of acceptance', () => {
    const stopped = due('2026-11-23', [{ from: '2026-11-23', to: null }]);
    expect(stopped).toMatchObject({ dueOn: null, left: 15 });
    expect(stopped.days).toHaveLength(1);
  });

  it('earlier pauses still count', () => {
    const pauses = [
      { from: '2026-11-25', to: '2026-11-27' },
      { from: '2026-11-30', to: null },
    ];
    expect(due('2026-11-23', pauses)).toMatchObject({ dueOn: null, left: 12 });
  });
});

describe('provisional', () => {
  it.each([
    ['the last day of the last published year', '2026-12-10', '2026-12-31', false],
    ['one day into the estimated year', '2026-12-11', '2027-01-04', true],
  ])('%s: accepted %s, due %s → %s', (_, acceptedOn, dueOn, provisional) => {
    expect(due(acceptedOn)).toMatchObject({ dueOn, provisional });
  });

  /** A calendar without holidays in which 2026 alone is estimated. */
  const only2026 = {
    version: 1,
    arrangement: (year: number) => calendarOf([], [], year === 2026 ? 0 : 9999).arrangement(year),
  };
  it.each([
    ['not by the day of acceptance, which is not counted', '2026-12-31', false],
    ['by a day counted early, though the due date itself is certain', '2026-12-30', true],
  ])('%s', (_, acceptedOn, provisional) => {
    expect(deadline({ acceptedOn, workingDays: 3, pauses: [] }, only2026).provisional).toBe(provisional);
  });
});

describe('the explanation', () => {
  const paper = { name: '春节', circular: '国办发明电〔2025〕7号' };

  it('gives every day from acceptance to the due date, with its rule and paper', () => {
    const off = Array.from({ length: 9 }, (_, i) => `2026-02-${15 + i}`);
    expect(due('2026-02-12', [], 3).days).toEqual([
      { date: '2026-02-12', counted: false, rule: 'dayOfAcceptance' },
      { date: '2026-02-13', counted: true, rule: 'workingDay' },
      { date: '2026-02-14', counted: true, rule: 'makeUpDay', ...paper },
      ...off.map((date) => ({ date, counted: false, rule: 'holiday', ...paper })),
      { date: '2026-02-24', counted: true, rule: 'workingDay' },
    ]);
  });

  it('names the pause on the working days it took, and the rest day where it took none', () => {
    const pause = { from: '2026-11-26', to: '2026-11-30' };
    expect(due('2026-11-25', [pause], 2).days).toEqual([
      { date: '2026-11-25', counted: false, rule: 'dayOfAcceptance' },
      { date: '2026-11-26', counted: true, rule: 'workingDay' },
      { date: '2026-11-27', counted: false, rule: 'clockStopped', pause },
      { date: '2026-11-28', counted: false, rule: 'weekend' },
      { date: '2026-11-29', counted: false, rule: 'weekend' },
      { date: '2026-11-30', counted: false, rule: 'clockStopped', pause },
      { date: '2026-12-01', counted: true, rule: 'workingDay' },
    ]);
  });
});

describe('dayWithLeft', () => {
  const explained = due('2026-11-23');
  it.each([
    [0, '2026-12-14'],
    [1, '2026-12-11'],
    [3, '2026-12-09'],
    [5, '2026-12-07'],
    [14, '2026-11-24'],
    [15, null],
    [20, null],
  ])('%d left after %s', (left, date) => {
    expect(dayWithLeft(explained, 15, left)).toBe(date);
  });

  it('is null while the clock stopped before it', () => {
    const stopped = due('2026-11-23', [{ from: '2026-11-30', to: null }]);
    expect(dayWithLeft(stopped, 15, 10)).toBe('2026-11-30');
    expect(dayWithLeft(stopped, 15, 9)).toBeNull();
  });
});
