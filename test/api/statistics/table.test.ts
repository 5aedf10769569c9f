import { expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { statisticsTable } from '../../../api/statistics/table.ts';
import { statistics } from '../../../domain/statistics.ts';

const { total, groups } = statistics(
  [
    { by: 'total', code: null, measure: 'decided.total', n: 3 },
    { by: 'total', code: null, measure: 'decided.onTime', n: 2 },
    { by: 'disease', code: 'M01600', measure: 'filed', n: 12 },
  ],
  2,
);
const table = (name: string) =>
  statisticsTable({
    from: '2026-03-01',
    until: '2026-03-31',
    at: '2026-04-01T00:00:00.000Z',
    total,
    groups: groups.map((group) => ({ name, ...group })),
  });

it('a table of statistics opens in Excel as what it is: UTF-8 by its mark, a line each, in Chinese', () => {
  const text = table('糖尿病');
  expect(text.startsWith('\uFEFF分组,代码,名称,期间申请,现在办,')).toBe(true);
  const [all, disease, ...more] = parse<Record<string, string>>(text, { bom: true, columns: true });
  expect(all).toMatchObject({ 分组: '合计', 名称: '', 期间办结: '3', 按时办结率: '66.66%' });
  expect(disease).toMatchObject({ 分组: '病种', 代码: 'M01600', 名称: '糖尿病', 期间申请: '12', 按时办结率: '' });
  expect(Object.keys(all as object).filter((header) => header.startsWith('超期上报:'))).toEqual([
    '超期上报:第1级',
    '超期上报:第2级',
  ]);
  expect(more).toEqual([]);
});

it('a table of statistics runs no formula that somebody has put into a name', () => {
  expect(table('=HYPERLINK("http://x","糖尿病")')).toContain(`"'=HYPERLINK(`);
});
