import { describe, expect, it } from '@jest/globals';
import { isWeekend } from '../../../domain/dates.ts';
import {
  estimatedArrangement,
  estimator,
  publishedArrangement,
  publishedYears,
  supersededArrangements,
} from '../../../policy/calendar/arrangements.ts';
import { policiesOf } from '../../../policy/versions.ts';
import { policy } from '../../harness/policy.ts';

/** Days as one text each, `from–to` for a run, to be compared with the circular. */
const named = (days: Record<string, string>, name: string) => Object.keys(days).filter((date) => days[date] === name);
const monthDays = (dates: string[]) => dates.map((date) => date.slice(5));

describe('published arrangements', () => {
  it('are there for every year from 2004 to 2026 at least, without a gap', () => {
    const years = publishedYears();
    expect(years[0]).toBe(2004);
    expect(years).toEqual(years.map((_, index) => 2004 + index));
    expect(years).toContain(2026);
  });

  /** Days of the December before that a circular rules: all of New Year's holiday. */
  const ruledAhead: Record<number, string[]> = {
    2007: ['2006-12-30', '2006-12-31'],
    2008: ['2007-12-29', '2007-12-30', '2007-12-31'],
    2012: ['2011-12-31'],
    2019: ['2018-12-29', '2018-12-30', '2018-12-31'],
    2023: ['2022-12-31'],
  };
  it.each(publishedYears())('%d: days off and make-up days lie in the year and exclude each other', (year) => {
    const { daysOff, makeUpDays } = publishedArrangement(year);
    const dates = [...Object.keys(daysOff), ...Object.keys(makeUpDays)];
    expect(dates.filter((date) => !date.startsWith(`${year}-`)).sort()).toEqual(ruledAhead[year] ?? []);
    expect(new Set(dates).size).toBe(dates.length);
    expect(Object.keys(makeUpDays).every(isWeekend)).toBe(true);
    expect([...Object.values(daysOff), ...Object.values(makeUpDays)].every((name) => name !== '')).toBe(true);
  });

  const y2026 = publishedArrangement(2026);
  it.each([
    ['元旦', ['01-01', '01-02', '01-03']],
    ['春节', ['02-15', '02-16', '02-17', '02-18', '02-19', '02-20', '02-21', '02-22', '02-23']],
    ['清明', ['04-04', '04-05', '04-06']],
    ['劳动节', ['05-01', '05-02', '05-03', '05-04', '05-05']],
    ['端午', ['06-19', '06-20', '06-21']],
    ['中秋', ['09-25', '09-26', '09-27']],
    ['国庆节', ['10-01', '10-02', '10-03', '10-04', '10-05', '10-06', '10-07']],
  ])('2026, days off: %s %j', (name, days) => {
    expect(monthDays(named(y2026.daysOff, name))).toEqual(days);
  });

  it('2026: six make-up days, and the circular', () => {
    expect(y2026.makeUpDays).toEqual({
      '2026-01-04': '元旦',
      '2026-02-14': '春节',
      '2026-02-28': '春节',
      '2026-05-09': '劳动节',
      '2026-09-20': '国庆节',
      '2026-10-10': '国庆节',
    });
    expect(y2026).toMatchObject({ year: 2026, circular: '国办发明电〔2025〕7号', basis: 'published' });
  });

  it('are the final ones: 1 May 2019 as changed in March', () => {
    const { daysOff, makeUpDays } = publishedArrangement(2019);
    expect(monthDays(named(daysOff, '劳动节'))).toEqual(['05-01', '05-02', '05-03', '05-04']);
    expect(monthDays(named(makeUpDays, '劳动节'))).toEqual(['04-28', '05-05']);
  });

  it('are the final ones: the Spring Festival of 2020 until 2 February, without the make-up day of 1 February', () => {
    const { daysOff, makeUpDays } = publishedArrangement(2020);
    expect(monthDays(named(daysOff, '春节')).at(-1)).toBe('02-02');
    expect(monthDays(named(makeUpDays, '春节'))).toEqual(['01-19']);
  });
});

describe('circulars', () => {
  it.each(publishedYears())('of %d: a number with its date, or 待核实', (year) => {
    const { circular, publishedOn } = publishedArrangement(year);
    if (year < 2016) expect([circular, publishedOn]).toEqual(['待核实', null]);
    else expect(circular).toMatch(new RegExp(`^国办发明电〔${year - 1}〕\\d+号`));
    if (publishedOn) expect(publishedOn < `${year}-12-31`).toBe(true);
  });

  it('of the two changes are dated, and their numbers 待核实', () => {
    for (const year of [2019, 2020]) {
      expect(publishedArrangement(year)).toMatchObject({ circular: expect.stringContaining('待核实') });
      expect(publishedArrangement(year).publishedOn?.slice(0, 4)).toBe(String(year));
    }
  });
});

describe('superseded arrangements', () => {
  const [y2019, y2020] = supersededArrangements();

  it('2019: one day of May Day, no make-up day for it', () => {
    expect(monthDays(named(y2019?.daysOff ?? {}, '劳动节'))).toEqual(['05-01']);
    expect(named(y2019?.makeUpDays ?? {}, '劳动节')).toEqual([]);
    expect(y2019).toMatchObject({ year: 2019, circular: '国办发明电〔2018〕15号', basis: 'published' });
  });

  it('2020: the Spring Festival until 30 January, and 1 February worked', () => {
    expect(monthDays(named(y2020?.daysOff ?? {}, '春节')).at(-1)).toBe('01-30');
    expect(monthDays(named(y2020?.makeUpDays ?? {}, '春节'))).toEqual(['01-19', '02-01']);
    expect(y2020).toMatchObject({ year: 2020, circular: '国办发明电〔2019〕16号', publishedOn: '2019-11-21' });
  });
});

describe('estimated arrangements', () => {
  it('have the days that a city adds, on top of the statutory ones', () => {
    const calendar = { localDaysOff: [{ on: '07-01', name: '地方假日' }], signalsPerSecond: 50 };
    const local = estimator(policiesOf([{ ...policy, calendar }]));
    const { daysOff } = local(2027);
    expect(daysOff).toEqual({ ...estimatedArrangement(2027).daysOff, '2027-07-01': '地方假日' });
  });

  it('2027: the thirteen statutory days, a substitute for each on a weekend, no make-up days, no paper', () => {
    expect(estimatedArrangement(2027)).toEqual({
      year: 2027,
      daysOff: {
        '2027-01-01': '元旦',
        '2027-02-05': '春节',
        '2027-02-06': '春节',
        '2027-02-07': '春节',
        '2027-02-08': '春节',
        '2027-02-09': '春节补假',
        '2027-02-10': '春节补假',
        '2027-04-05': '清明节',
        '2027-05-01': '劳动节',
        '2027-05-02': '劳动节',
        '2027-05-03': '劳动节补假',
        '2027-05-04': '劳动节补假',
        '2027-06-09': '端午节',
        '2027-09-15': '中秋节',
        '2027-10-01': '国庆节',
        '2027-10-02': '国庆节',
        '2027-10-03': '国庆节',
        '2027-10-04': '国庆节补假',
        '2027-10-05': '国庆节补假',
      },
      makeUpDays: {},
      circular: null,
      publishedOn: null,
      basis: 'estimated',
    });
  });

  it.each([
    [2025, '2025-01-29', '2025-05-31'],
    [2026, '2026-02-17', '2026-06-19'],
    [2028, '2028-01-26', '2028-05-28'],
    [2029, '2029-02-13', '2029-06-16'],
    [2030, '2030-02-03', '2030-06-05'],
  ])('%d: Spring Festival %s with its eve, Dragon Boat Festival %s', (year, newYear, dragonBoat) => {
    const { daysOff } = estimatedArrangement(year);
    expect(named(daysOff, '春节')[1]).toBe(newYear);
    expect(named(daysOff, '端午节')).toEqual([dragonBoat]);
  });

  it.each(publishedYears().filter((year) => year >= 2008))(
    '%d: the estimate names no festival day that was worked',
    (year) => {
      const published = publishedArrangement(year).daysOff;
      const lunar = Object.entries(estimatedArrangement(year).daysOff).filter(([, name]) =>
        /^(清明|端午|中秋)节$/.test(name),
      );
      for (const [date] of lunar) expect(published[date] ?? (isWeekend(date) ? '周末' : '上班')).not.toBe('上班');
    },
  );
});
