import { describe, expect, it } from '@jest/globals';
import { arrangementProblems } from '../../../domain/calendar/arrangement.ts';
import { readCircular } from '../../../domain/calendar/circular.ts';
import { arrangementWarnings } from '../../../domain/calendar/warnings.ts';
import type { Arrangement } from '../../../domain/calendar/working-days.ts';
import { isWeekend } from '../../../domain/dates.ts';
import { publishedArrangement, supersededArrangements } from '../../../policy/calendar/arrangements.ts';
import { statutoryDays } from '../../../policy/calendar/statutory.ts';
import { amendments, circularText, circularYears } from '../../harness/rules/circular-texts.ts';

/** What a year's circular arranged before anything was changed in the course of the year. */
const asPublished = (year: number) =>
  supersededArrangements().find((superseded) => superseded.year === year) ?? publishedArrangement(year);
/** What the days change: weekdays off, weekend days worked. Some tables name the weekend within a holiday, some don't. */
const effect = ({ daysOff, makeUpDays }: Pick<Arrangement, 'daysOff' | 'makeUpDays'>) => ({
  off: Object.keys(daysOff)
    .filter((date) => !isWeekend(date))
    .sort(),
  worked: Object.keys(makeUpDays).sort(),
});
const problemsOf = (text: string) => readCircular(text).problems;
const of2026 = circularText(2026);

describe('the circular for', () => {
  it.each([
    [2016, '国办发明电〔2015〕18号', '2015-12-10', 17, 6],
    [2017, '国办发明电〔2016〕17号', '2016-12-01', 16, 5],
    [2018, '国办发明电〔2017〕12号', '2017-11-30', 17, 6],
    [2019, '国办发明电〔2018〕15号', '2018-12-04', 16, 5],
    [2020, '国办发明电〔2019〕16号', '2019-11-21', 18, 7],
    [2021, '国办发明电〔2020〕27号', '2020-11-25', 18, 7],
    [2022, '国办发明电〔2021〕11号', '2021-10-25', 18, 7],
    [2023, '国办发明电〔2022〕16号', '2022-12-08', 18, 7],
    [2024, '国办发明电〔2023〕7号', '2023-10-25', 19, 8],
    [2025, '国办发明电〔2024〕12号', '2024-11-12', 18, 5],
    [2026, '国办发明电〔2025〕7号', '2025-11-04', 19, 6],
  ])(
    '%d is %s of %s: %d weekdays off, %d make-up days, those that were published',
    (year, circular, publishedOn, off, worked) => {
      const { unused: _, ...read } = readCircular(circularText(year));
      expect(read).toMatchObject({ year, circular, publishedOn, problems: [] });
      expect(effect(read)).toEqual(effect(asPublished(year)));
      expect([effect(read).off.length, effect(read).worked.length]).toEqual([off, worked]);
      expect(arrangementProblems({ ...read, year })).toEqual([]);
      expect(arrangementWarnings(read, statutoryDays(year))).toEqual([]);
    },
  );

  it('each year from 2016 on is among them', () => {
    expect(circularYears).toEqual([2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026]);
  });

  it('2026 gives each day the name of its item', () => {
    expect(readCircular(of2026)).toMatchObject({
      daysOff: { '2026-01-01': '元旦', '2026-02-15': '春节', '2026-02-23': '春节', '2026-04-06': '清明节' },
      makeUpDays: { '2026-01-04': '元旦', '2026-09-20': '国庆节', '2026-10-10': '国庆节' },
    });
    expect(readCircular(circularText(2025)).daysOff['2025-10-06']).toBe('国庆节、中秋节');
  });

  it('2019 begins in the December before, whether or not it names the year', () => {
    const text = circularText(2019);
    const without = text
      .replace('2018年12月30日至2019年1月1日', '12月30日至1月1日')
      .replace('2018年12月29日', '12月29日');
    for (const each of [text, without]) {
      const { daysOff, makeUpDays, problems } = readCircular(each);
      expect(problems).toEqual([]);
      expect(Object.keys(daysOff).slice(0, 3)).toEqual(['2018-12-30', '2018-12-31', '2019-01-01']);
      expect(Object.keys(makeUpDays)[0]).toBe('2018-12-29');
    }
  });

  it('2024 also advises employers, which is shown and not used', () => {
    const { unused, daysOff } = readCircular(circularText(2024));
    expect(unused).toEqual(['鼓励各单位结合带薪年休假等制度落实,安排职工在除夕(2月9日)休息']);
    expect(daysOff).not.toHaveProperty('2024-02-09');
  });
});

describe('the text', () => {
  const read = readCircular(of2026);
  it.each([
    ['in half-width characters', of2026.normalize('NFKC')],
    ['on one line', of2026.replaceAll('\n', '')],
    ['broken anywhere', of2026.replaceAll('日', '日\n')],
    ['with Windows line ends and ideographic spaces', of2026.replaceAll('\n', '\r\n　')],
    ['with its headings on lines of their own', of2026.replaceAll('节：', '节：\n')],
    ['with what a web page puts after it', `${of2026}\n责任编辑:某某\n相关阅读:2月30日放假`],
    ['with brackets as a keyboard has them', of2026.replace('〔2025〕', '[2025]')],
    [
      'that names a day only after another of the month',
      of2026.replace('2月14日（周六）、2月28日', '2月14日（周六）、28日'),
    ],
  ])('is read %s', (_, text) => {
    expect(readCircular(text)).toEqual(read);
  });
});

describe('what is wrong with a text', () => {
  it.each([
    ['a weekday that doesn’t fit', ['1月4日（周日）', '1月4日（周一）'], 'wrongWeekday', '2026-01-04 周一'],
    ['a number of days that doesn’t fit', ['共9天', '共8天'], 'wrongCount', '2月15日'],
    ['a day that doesn’t exist', ['2月28日（周六）', '2月30日（周六）'], 'notADate', '2月30日(周六)'],
    [
      'a run that ends before it begins',
      ['6月19日（周五）至21日', '6月19日（周五）至11日'],
      'notADate',
      '6月19日(周五)至11日',
    ],
    ['an item without a day off', ['9月25日（周五）至27日（周日）放假', '另行通知'], 'noDayOff', '中秋节'],
    ['a festival that is left out', ['五、端午节', '五、重阳节'], 'missingFestival', '端午'],
  ])('%s', (_, [from, to], code, text) => {
    const found = problemsOf(of2026.replace(from as string, to as string)).find((problem) => problem.code === code);
    expect(found).toMatchObject({ text: expect.stringContaining(text) });
  });

  it('no number, no year, no items', () => {
    expect(problemsOf(of2026.replace('国办发明电〔2025〕7号', ''))).toEqual([{ code: 'noNumber' }]);
    expect(problemsOf('明天放假')).toEqual([{ code: 'noYear' }, { code: 'noNumber' }, { code: 'noItems' }]);
  });

  it('last year’s weekdays, where the year is mistaken', () => {
    const codes = problemsOf(of2026.replaceAll('2026年', '2027年')).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['wrongWeekday']));
  });

  it.each([2019, 2020] as const)('a change of %d, which has only the changed days', (year) => {
    expect(problemsOf(amendments[year])).toEqual(expect.arrayContaining([{ code: 'amendment' }, { code: 'noItems' }]));
  });
});
