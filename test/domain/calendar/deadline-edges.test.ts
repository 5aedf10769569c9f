import { describe, expect, it } from '@jest/globals';
import { explainDeadline, type Pause } from '../../../domain/calendar/deadline.ts';
import { type Calendar, dayStatus, withArrangements } from '../../../domain/calendar/working-days.ts';
import { addDays, shanghaiDate, yearOf } from '../../../domain/dates.ts';
import { publishedArrangement, supersededArrangements } from '../../../policy/calendar/arrangements.ts';
import { calendarOf, stateCouncil } from '../../harness/rules/calendars.ts';

const due = (acceptedOn: string, pauses: Pause[] = [], workingDays = 15, calendar: Calendar = stateCouncil) =>
  explainDeadline({ acceptedOn, workingDays, pauses }, calendar);
const stop = (from: string, to: string): Pause => ({ from, to });

describe('an acceptance by the clock of Shanghai', () => {
  it.each([
    ['at 23:59 on Friday', '2026-11-20T15:59:59.999Z', '2026-11-20', '2026-12-11'],
    ['at 00:00 on Saturday', '2026-11-20T16:00:00.000Z', '2026-11-21', '2026-12-11'],
    ['at 23:59 on Sunday', '2026-11-22T15:59:00.000Z', '2026-11-22', '2026-12-11'],
    ['at 00:00 on Monday', '2026-11-22T16:00:00.000Z', '2026-11-23', '2026-12-14'],
    ['at 23:59 on New Year’s Eve', '2026-12-31T15:59:00.000Z', '2026-12-31', '2027-01-22'],
    ['at 00:00 on New Year’s Day', '2026-12-31T16:00:00.000Z', '2027-01-01', '2027-01-22'],
  ])('%s (%s) is of %s', (_, instant, acceptedOn, dueOn) => {
    expect(shanghaiDate(instant)).toBe(acceptedOn);
    expect(due(acceptedOn).dueOn).toBe(dueOn);
  });
});

describe('an acceptance on a day that is not like others', () => {
  it.each([
    ['a make-up Saturday', '2026-02-14', 'makeUpDay'],
    ['a make-up Sunday', '2026-09-20', 'makeUpDay'],
    ['the first day of a holiday', '2026-10-01', 'holiday'],
    ['the last day of a holiday', '2026-10-07', 'holiday'],
  ])('%s, %s, is not counted: the next working day is the first', (_, acceptedOn, rule) => {
    expect(dayStatus(stateCouncil, acceptedOn).rule).toBe(rule);
    const { days } = due(acceptedOn, [], 1);
    expect(days[0]).toEqual({ date: acceptedOn, counted: false, rule: 'dayOfAcceptance' });
    expect(days.filter(({ counted }) => counted)).toHaveLength(1);
    expect(days.at(-1)?.counted).toBe(true);
  });
});

describe('a stop of the clock, of a case accepted on 2026-09-21 and due on 2026-10-19', () => {
  it.each<[string, Pause[], string]>([
    ['none', [], '2026-10-19'],
    ['begins on a Saturday', [stop('2026-10-10', '2026-10-13')], '2026-10-21'],
    ['begins on a Sunday, which is no make-up day', [stop('2026-10-11', '2026-10-13')], '2026-10-21'],
    ['ends on a holiday: only the days before it are lost', [stop('2026-09-28', '2026-10-03')], '2026-10-21'],
    ['begins on a holiday: only the days after it are lost', [stop('2026-10-03', '2026-10-09')], '2026-10-21'],
    ['begins and ends within a holiday', [stop('2026-10-01', '2026-10-07')], '2026-10-19'],
    ['ends on the make-up day, which is lost', [stop('2026-10-09', '2026-10-10')], '2026-10-20'],
    [
      'several, each of a day',
      [stop('2026-09-21', '2026-09-22'), stop('2026-09-28', '2026-09-29'), stop('2026-10-08', '2026-10-09')],
      '2026-10-22',
    ],
    ['several on the same day', [stop('2026-09-22', '2026-09-22'), stop('2026-09-22', '2026-09-22')], '2026-10-19'],
  ])('%s', (_, pauses, dueOn) => {
    expect(due('2026-09-21', pauses).dueOn).toBe(dueOn);
  });

  it('over the whole Spring Festival costs only the working days around it', () => {
    expect(due('2026-02-09').dueOn).toBe('2026-03-06');
    expect(due('2026-02-09', [stop('2026-02-13', '2026-02-24')]).dueOn).toBe('2026-03-10');
  });

  it('across New Year makes a certain date provisional', () => {
    expect(due('2026-12-01')).toMatchObject({ dueOn: '2026-12-22', provisional: false });
    const stopped = due('2026-12-01', [stop('2026-12-21', '2027-01-04')]);
    expect(stopped).toMatchObject({ dueOn: '2027-01-05', provisional: true });
  });
});

describe('a due date beyond what is published', () => {
  it.each([
    ['2026-12-25', 15, '2027-01-18'],
    ['2027-01-29', 15, '2027-02-25'],
    ['2090-01-02', 15, '2090-01-23'],
  ])('accepted %s, %d working days: %s, provisional', (acceptedOn, workingDays, dueOn) => {
    expect(due(acceptedOn, [], workingDays)).toMatchObject({ dueOn, provisional: true });
  });

  it.each([1, 250])('is found for %d working days', (workingDays) => {
    const { days, dueOn } = due('2026-06-01', [], workingDays);
    expect(days.filter(({ counted }) => counted)).toHaveLength(workingDays);
    expect(days.at(-1)?.date).toBe(dueOn);
  });
});

describe('a changed arrangement', () => {
  const before = withArrangements(stateCouncil, supersededArrangements());
  it.each([
    ['2019-04-10', '2019-05-02', '2019-04-30'],
    ['2020-01-15', '2020-02-10', '2020-02-12'],
  ])('moves what was accepted on %s from %s to %s', (acceptedOn, from, to) => {
    expect(due(acceptedOn, [], 15, before).dueOn).toBe(from);
    const after = withArrangements(before, [publishedArrangement(yearOf(acceptedOn))]);
    expect(due(acceptedOn, [], 15, after).dueOn).toBe(to);
  });

  it('concerns its own years only, and is the next version', () => {
    const plain = calendarOf([], []);
    const changed = withArrangements(plain, [publishedArrangement(2025), publishedArrangement(2026)]);
    expect(changed.version).toBe(plain.version + 1);
    expect(changed.arrangement(2026)).toEqual(publishedArrangement(2026));
    expect(changed.arrangement(2025)).toEqual(publishedArrangement(2025));
    expect(changed.arrangement(2024)).toEqual(plain.arrangement(2024));
  });

  it('makes a provisional date certain without moving it, where the estimate was right', () => {
    const year = addDays('2026-12-31', 1).slice(0, 4);
    const published = { ...stateCouncil.arrangement(Number(year)), basis: 'published' as const };
    const after = withArrangements(stateCouncil, [published]);
    expect(due('2026-12-25').provisional).toBe(true);
    expect(due('2026-12-25', [], 15, after)).toMatchObject({ dueOn: due('2026-12-25').dueOn, provisional: false });
  });
});
