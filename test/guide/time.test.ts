import { describe, expect, it } from '@jest/globals';
import { explainDeadline } from '../../domain/calendar/deadline.ts';
import { isWindowOpen } from '../../domain/calendar/office-hours.ts';
import { dayStatus, isWorkingDay, withArrangements } from '../../domain/calendar/working-days.ts';
import { schedule } from '../../domain/cases/schedule.ts';
import { addDays, shanghaiInstant } from '../../domain/dates.ts';
import {
  estimatedArrangement,
  publishedArrangement,
  supersededArrangements,
} from '../../policy/calendar/arrangements.ts';
import { policy } from '../harness/policy.ts';
import { stateCouncil } from '../harness/rules/calendars.ts';
import { awaitingMaterials, awaitingVerification } from '../harness/rules/cases.ts';

/** The guide's hours, periods and holidays, fact by fact, by the shipped policy. */
const { clocks } = policy;
const due = (acceptedOn: string, calendar = stateCouncil, workingDays = clocks.workingDays) =>
  explainDeadline({ acceptedOn, workingDays, pauses: [] }, calendar);

/** What the calendar said before and after the State Council changed it. */
function beforeAndAfter(year: number) {
  const before = supersededArrangements().find((superseded) => superseded.year === year);
  if (!before) throw new Error(`${year} was not changed`);
  return { before: withArrangements(stateCouncil, [before]), after: stateCouncil };
}

describe('窗口工作日 9:00–12:00、13:30–17:00', () => {
  it.each([
    ['2026-11-23', '08:59', false],
    ['2026-11-23', '09:00', true],
    ['2026-11-23', '11:59', true],
    ['2026-11-23', '12:00', false],
    ['2026-11-23', '13:30', true],
    ['2026-11-23', '16:59', true],
    ['2026-11-23', '17:00', false],
    ['2026-11-22', '10:00', false],
  ])('%s %s 开着:%s', (date, time, open) => {
    expect(isWindowOpen(stateCouncil, policy.officeHours, shanghaiInstant(date, time))).toBe(open);
  });
});

describe('期间计算', () => {
  it('开始的当天不算,从第二天起算(民法典第 201 条)', () => {
    const { dueOn, days } = due('2026-11-23', stateCouncil, 1);
    expect(days[0]).toMatchObject({ date: '2026-11-23', counted: false, rule: 'dayOfAcceptance' });
    expect(dueOn).toBe('2026-11-24');
  });

  /** Materials were requested so that the last day is 1 October. */
  const awaiting = awaitingMaterials(addDays('2026-10-01', -clocks.supplement.days));
  const lapseOf = (channel: 'scApp' | 'window') =>
    schedule(awaiting, channel, clocks, stateCouncil).milestones.find(({ purpose }) => purpose === 'lapse')?.at;

  it('最后一天是法定休假日的,以休假结束的次日为最后一天(第 203 条)', () => {
    expect(schedule(awaiting, 'scApp', clocks, stateCouncil).windowEndsOn).toBe('2026-10-08');
  });

  it('截止时间为 24 时,有业务时间的到停止业务时为止(第 203 条)', () => {
    expect(lapseOf('scApp')).toBe(shanghaiInstant('2026-10-08', '24:00'));
    // Who took a ticket before then is still served (待核实).
    expect(lapseOf('window')).toBe(shanghaiInstant('2026-10-08', '17:30'));
    expect(schedule(awaiting, 'scApp', { ...clocks, supplementStopsClock: false }, stateCouncil).dueAt).toMatch(
      /T09:00:00/, // 17:00 in Shanghai
    );
  });
});

describe('放假安排', () => {
  it('由国务院办公厅上一年底公布(含调休上班日)', () => {
    expect(publishedArrangement(2026)).toMatchObject({ circular: '国办发明电〔2025〕7号', publishedOn: '2025-11-04' });
    expect(dayStatus(stateCouncil, '2026-10-10')).toMatchObject({ working: true, rule: 'makeUpDay' });
  });

  it('2019-03-22 改过五一(5 月 1–4 日放假,4 月 28 日、5 月 5 日上班)', () => {
    const { before, after } = beforeAndAfter(2019);
    const days = ['2019-04-28', '2019-05-01', '2019-05-02', '2019-05-03', '2019-05-04', '2019-05-05'];
    expect(publishedArrangement(2019).publishedOn).toBe('2019-03-22');
    expect(days.map((date) => isWorkingDay(after, date))).toEqual([true, false, false, false, false, true]);
    expect(days.map((date) => isWorkingDay(before, date))).toEqual([false, false, true, true, false, false]);
    expect([due('2019-04-10', before).dueOn, due('2019-04-10', after).dueOn]).toEqual(['2019-05-02', '2019-04-30']);
  });

  it('2020-01-27 把春节假期延长到 2 月 2 日', () => {
    const { before, after } = beforeAndAfter(2020);
    const days = ['2020-01-31', '2020-02-01', '2020-02-02', '2020-02-03'];
    expect(publishedArrangement(2020).publishedOn).toBe('2020-01-27');
    expect(days.map((date) => isWorkingDay(after, date))).toEqual([false, false, false, true]);
    expect(days.map((date) => isWorkingDay(before, date))).toEqual([true, true, false, true]);
    expect([due('2020-01-15', before).dueOn, due('2020-01-15', after).dueOn]).toEqual(['2020-02-10', '2020-02-12']);
  });

  it('没公布的年份,期限只能先按《全国年节及纪念日放假办法》的法定假日估算,公布后重算', () => {
    const estimated = due('2090-09-20');
    expect(estimated.provisional).toBe(true);
    const { daysOff, ...year } = estimatedArrangement(2090);
    const published = {
      ...year,
      daysOff: { ...daysOff, [estimated.dueOn as string]: '国庆节' },
      basis: 'published' as const,
    };
    const recomputed = due('2090-09-20', withArrangements(stateCouncil, [published]));
    expect(recomputed.provisional).toBe(false);
    expect((recomputed.dueOn as string) > (estimated.dueOn as string)).toBe(true);
  });
});

describe('补正和核验', () => {
  const awaiting = awaitingMaterials('2026-11-25');

  it('补正是否停表、补正期限多长:做成政策项', () => {
    const of = (change: Partial<typeof clocks>) => schedule(awaiting, 'scApp', { ...clocks, ...change }, stateCouncil);
    expect(of({ supplementStopsClock: true }).dueOn).toBeNull();
    expect(of({ supplementStopsClock: false }).dueOn).toBe('2026-12-14');
    expect(of({ supplement: { days: 5, reminders: [] } }).windowEndsOn).toBe('2026-11-30');
    expect(of({ supplement: { days: 8, reminders: [] } }).windowEndsOn).toBe('2026-12-03');
  });

  it('行政许可法第 45 条的“专家评审等时间不计入”:线下核验的时间不计入', () => {
    expect(schedule(awaitingVerification('2026-11-25'), 'scApp', clocks, stateCouncil)).toMatchObject({
      dueOn: null,
      workingDaysLeft: clocks.workingDays - 2,
    });
  });
});
