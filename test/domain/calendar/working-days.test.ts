import { describe, expect, it } from '@jest/globals';
import {
  type Arrangement,
  addWorkingDays,
  dayStatus,
  rollToWorkingDay,
  withArrangements,
} from '../../../domain/calendar/working-days.ts';
import { calendarOf, stateCouncil } from '../../harness/rules/calendars.ts';

const circular = '国办发明电〔2025〕7号';

describe('dayStatus', () => {
  it.each([
    ['2026-02-13', { working: true, rule: 'workingDay' }],
    ['2026-02-14', { working: true, rule: 'makeUpDay', name: '春节', circular }],
    ['2026-02-16', { working: false, rule: 'holiday', name: '春节', circular }],
    ['2026-02-21', { working: false, rule: 'holiday', name: '春节', circular }],
    ['2026-02-28', { working: true, rule: 'makeUpDay', name: '春节', circular }],
    ['2026-03-01', { working: false, rule: 'weekend' }],
  ])('%s: %j', (date, expected) => {
    expect(dayStatus(stateCouncil, date)).toEqual({ date, provisional: false, ...expected });
  });

  it('names no paper where there is none yet', () => {
    expect(dayStatus(stateCouncil, '2027-05-01')).toEqual({
      date: '2027-05-01',
      working: false,
      rule: 'holiday',
      name: '劳动节',
      provisional: true,
    });
  });

  it('is provisional on every day of a year that is only estimated', () => {
    for (const date of ['2027-01-01', '2027-01-02', '2027-01-04']) {
      expect(dayStatus(stateCouncil, date).provisional).toBe(true);
    }
  });

  it('takes a day that is both off and made up for as a day off', () => {
    expect(dayStatus(calendarOf(['2026-11-21'], ['2026-11-21']), '2026-11-21').working).toBe(false);
  });
});

describe('the paper of a day', () => {
  const of2018 = '国办发明电〔2017〕12号';
  const of2019 = '国办发明电〔2018〕15号;2019-03-22 调整(文号待核实)';
  it.each([
    ['2018-10-01', { working: false, rule: 'holiday', name: '国庆节', circular: of2018 }],
    ['2018-12-28', { working: true, rule: 'workingDay' }],
    ['2018-12-29', { working: true, rule: 'makeUpDay', name: '元旦', circular: of2019 }],
    ['2018-12-30', { working: false, rule: 'holiday', name: '元旦', circular: of2019 }],
    ['2018-12-31', { working: false, rule: 'holiday', name: '元旦', circular: of2019 }],
    ['2019-01-01', { working: false, rule: 'holiday', name: '元旦', circular: of2019 }],
    ['2022-12-30', { working: true, rule: 'workingDay' }],
    ['2022-12-31', { working: false, rule: 'holiday', name: '元旦', circular: '国办发明电〔2022〕16号' }],
    ['2017-12-30', { working: false, rule: 'weekend' }],
  ])('%s: %j', (date, expected) => {
    expect(dayStatus(stateCouncil, date)).toEqual({ date, provisional: false, ...expected });
  });

  const of2027: Arrangement = {
    year: 2027,
    daysOff: { '2026-12-31': '元旦', '2027-01-01': '元旦', '2027-01-02': '元旦' },
    makeUpDays: { '2026-12-26': '元旦' },
    circular: '测试〔2026〕9号',
    publishedOn: null,
    basis: 'published',
  };
  it('is that of the circular for the next year where it names the day, and changes no other day', () => {
    const changed = withArrangements(stateCouncil, [of2027]);
    const paper = (date: string) => dayStatus(changed, date).circular;
    expect(['2026-12-26', '2026-12-31', '2027-01-01'].map(paper)).toEqual(Array(3).fill('测试〔2026〕9号'));
    expect(dayStatus(changed, '2026-12-26')).toMatchObject({ working: true, rule: 'makeUpDay', provisional: false });
    expect(dayStatus(changed, '2026-12-31')).toMatchObject({ working: false, rule: 'holiday', provisional: false });
    expect(['2026-10-01', '2026-10-10'].map(paper)).toEqual([circular, circular]);
    expect(dayStatus(changed, '2026-12-30')).toEqual(dayStatus(stateCouncil, '2026-12-30'));
  });

  it('is the newer one where both years name the day', () => {
    const of2026 = { ...stateCouncil.arrangement(2026), makeUpDays: { '2026-12-26': '国庆节' } };
    expect(dayStatus(withArrangements(stateCouncil, [of2026, of2027]), '2026-12-26')).toMatchObject({
      name: '元旦',
      circular: '测试〔2026〕9号',
    });
  });

  it('never is an estimate for the next year', () => {
    const changed = withArrangements(stateCouncil, [{ ...of2027, basis: 'estimated' }]);
    expect(dayStatus(changed, '2026-12-31')).toMatchObject({ rule: 'workingDay', provisional: false });
  });
});

describe('addWorkingDays', () => {
  it.each([
    ['nothing stays, even on a rest day', '2026-11-22', 0, '2026-11-22'],
    ['over a weekend', '2026-11-20', 1, '2026-11-23'],
    ['over the Spring Festival', '2026-02-14', 1, '2026-02-24'],
    ['through a make-up Saturday', '2026-02-27', 2, '2026-03-02'],
    ['into the next year', '2025-12-31', 1, '2026-01-04'],
  ])('%s: %s + %d = %s', (_, date, count, expected) => {
    expect(addWorkingDays(stateCouncil, date, count)).toBe(expected);
  });
});

describe('rollToWorkingDay', () => {
  it.each([
    ['a working day stays', '2026-12-10', '2026-12-10'],
    ['a make-up Sunday stays', '2026-09-20', '2026-09-20'],
    ['a Saturday moves to Monday', '2026-12-12', '2026-12-14'],
    ['National Day moves past the holiday', '2026-10-01', '2026-10-08'],
    ['a holiday that ends before a make-up Sunday moves there', '2026-01-01', '2026-01-04'],
  ])('%s: %s → %s', (_, date, expected) => {
    expect(rollToWorkingDay(stateCouncil, date)).toBe(expected);
  });
});
