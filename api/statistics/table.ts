import { stringify } from 'csv-stringify/sync';
import { statusNames } from '../../domain/names.ts';
import { ageBands, type Figures, type Grouping, openStatuses, supplementCounts } from '../../domain/statistics.ts';
import type { StatisticsAnswer } from './answers.ts';

const groupingNames: Record<Grouping, string> = {
  disease: '病种',
  channel: '申请渠道',
  type: '申请类型',
  reviewer: '审核人',
};

type Column = [header: string, value: (figures: Figures) => number | string | null];

/** The columns that show the figures of a row. @param levels of escalation, a column each */
function columns(levels: string[]): Column[] {
  return [
    ['期间申请', ({ filed }) => filed],
    ['现在办', ({ open }) => open.total],
    ['现在办超期', ({ open }) => open.overdue],
    ...openStatuses.map((status): Column => [`现在办:${statusNames[status]}`, ({ open }) => open.byStatus[status]]),
    ...ageBands.map((band): Column => [`现在办:受理后${band}个工作日`, ({ open }) => open.byAge[band]]),
    ['期间办结', ({ decided }) => decided.total],
    ['通过', ({ decided }) => decided.approved],
    ['不通过', ({ decided }) => decided.rejected],
    ['按时办结', ({ decided }) => decided.onTime],
    ['按时办结率', ({ decided }) => percent(decided.onTimeRate)],
    ['办结用时中位数(自然日)', ({ decided }) => decided.medianDays],
    ['办结用时最长(自然日)', ({ decided }) => decided.longestDays],
    ['不予受理', ({ refused }) => refused],
    ['补正逾期', ({ lapsed }) => lapsed],
    ['撤回', ({ withdrawn }) => withdrawn],
    ['超期上报', ({ escalations }) => escalations.total],
    ...levels.map((level): Column => [`超期上报:第${level}级`, ({ escalations }) => escalations.byLevel[level] ?? 0]),
    ['要求补正', ({ supplements }) => supplements.requests],
    ...supplementCounts.map(
      (count): Column => [`办结:补正${count}次`, ({ supplements }) => supplements.decidedAfter[count]],
    ),
    ['首次补正告知超时', ({ breaches }) => breaches.late],
    ['未一次性告知', ({ breaches }) => breaches.belated],
  ];
}

const percent = (rate: number | null) => (rate === null ? null : `${(rate * 100).toFixed(2)}%`);

/** The statistics as a table that Excel opens: a header, the total, and a row for each group. */
export function statisticsTable({ total, groups }: StatisticsAnswer): string {
  const shown = columns(Object.keys(total.escalations.byLevel));
  const row = (figures: Figures) => shown.map(([, value]) => value(figures));
  const header = ['分组', '代码', '名称', ...shown.map(([name]) => name)];
  const lines = groups.map((group) => [groupingNames[group.by], group.code, group.name, ...row(group)]);
  return stringify([header, ['合计', null, null, ...row(total)], ...lines], { bom: true, escape_formulas: true });
}
