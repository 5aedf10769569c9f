import { userInfo } from 'node:os';
import type { Keeping } from '../activities/housekeeping/keeping.ts';
import { publicationView } from '../api/calendar/answers.ts';
import { type CheckedArrangement, checkArrangement } from '../api/calendar/arrangement.ts';
import { publish } from '../api/calendar/publish.ts';
import { publicationSchema } from '../api/calendar/requests.ts';
import { warningsOf } from '../api/calendar/warnings.ts';
import { Problem } from '../api/http/errors.ts';
import { type CircularProblem, type CircularText, readCircular } from '../domain/calendar/circular.ts';
import { daysBetween, shanghaiDate, weekdayOf } from '../domain/dates.ts';
import { policyInForce } from '../policy/versions.ts';
import { previewPublication } from '../store/calendar/publish.ts';

type Say = (line: string) => void;
type Opened = Pick<Keeping, 'store' | 'policies' | 'now'>;

/**
 * Shows what was understood of a circular's text: year, number, days, what looks wrong, and how many open cases would
 * move.
 * @param say takes each line
 * @returns what may be published, or null where something is wrong
 */
export async function showCircular(opened: Opened, text: string, say: Say): Promise<CheckedArrangement | null> {
  const read = readCircular(text);
  for (const line of inWords(read)) say(line);
  const checked = read.problems.length > 0 ? null : checkedOf(read, shanghaiDate(opened.now()), say);
  if (!checked) {
    say('以上问题须先改正(改文本,或由管理员在接口录入),现在不能公布。');
    return null;
  }
  for (const { detail } of warningsOf(opened.policies, checked.arrangement)) say(`请核对:${detail}`);
  const preview = await previewPublication(opened.store, checked.arrangement, policyInForce(opened).clocks);
  const { earlier, later, datesUnchanged } = publicationView(checked.arrangement.year, preview, []);
  say(`在办申请:期限提前 ${earlier} 件,推后 ${later} 件,日期不变但不再是暂估或提醒改变的 ${datesUnchanged} 件。`);
  return checked;
}

/**
 * Publishes a circular as `PUT /v1/calendar/{year}` does, after it was shown.
 * @param acknowledged the warnings were looked at
 * @returns whether it is in force
 */
export async function publishCircular(
  { client, ...opened }: Keeping,
  text: string,
  acknowledged: boolean,
  say: Say,
): Promise<boolean> {
  const checked = await showCircular(opened, text, say);
  if (!checked) return false;
  const onUntold = () => say('现在连不上 Temporal,恢复后自动通知各申请。');
  try {
    const publishing = { ...opened, temporal: client, onUntold };
    const published = await publish(publishing, { ...checked, acknowledged }, userInfo().username);
    say(`已公布,日历版本 ${published.calendarVersion}。`);
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(error.code === 'warnings-unacknowledged' ? '没有公布:请核对以上各项,无误后加 --acknowledged。' : error.message);
    return false;
  }
}

/** The same checks as of a request. */
function checkedOf(read: CircularText, today: string, say: Say): CheckedArrangement | null {
  const { year, daysOff, makeUpDays, circular, publishedOn } = read;
  const body = { daysOff, makeUpDays, circular, ...(publishedOn ? { publishedOn } : {}) };
  try {
    return checkArrangement(String(year), body, publicationSchema, today);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    for (const { field, detail } of error.options.errors ?? []) say(`问题:${field}: ${detail}`);
    return null;
  }
}

function inWords(read: CircularText): string[] {
  return [
    `年份:${read.year ?? '没有找到'}`,
    `文号:${read.circular ?? '没有找到'}`,
    `公布日期:${read.publishedOn ?? '没有找到'}`,
    ...runsOf(read.daysOff).map((run) => `放假:${run}`),
    ...runsOf(read.makeUpDays).map((run) => `调休上班:${run}`),
    ...read.unused.map((sentence) => `没有采用:${sentence}`),
    ...read.problems.map((problem) => `问题:${problemInWords(problem)}`),
  ];
}

/** Consecutive days of one name, a line each: `元旦 2026-01-01(周四)至 2026-01-03(周六),3 天`. */
function runsOf(days: Record<string, string>): string[] {
  const runs: { name: string; first: string; last: string }[] = [];
  for (const [date, name] of Object.entries(days).sort()) {
    const run = runs.at(-1);
    if (run?.name === name && daysBetween(run.last, date) === 1) run.last = date;
    else runs.push({ name, first: date, last: date });
  }
  return runs.map(({ name, first, last }) => {
    const until = first === last ? '' : `至 ${withWeekday(last)},${daysBetween(first, last) + 1} 天`;
    return `${name} ${withWeekday(first)}${until}`;
  });
}

function withWeekday(date: string): string {
  return `${date}(周${weekdayOf(date)})`;
}

const problems: Record<CircularProblem['code'], string> = {
  noYear: '没有找到标题“关于某年部分节假日安排的通知”,不知道是哪一年的安排。',
  amendment: '这是对已公布安排的调整,只写了改动的日子;请由管理员在接口录入调整后的全年安排。',
  noNumber: '没有找到文号,请把“国办发明电〔…〕…号”加到标题下面。',
  noItems: '没有找到“一、元旦:…”这样的条目。',
  missingFestival: '没有找到这个节日的条目:',
  noDayOff: '这一条没有读出放假日:',
  notADate: '日期有误:',
  wrongWeekday: '星期与日期不符:',
  wrongCount: '天数与日期不符:',
};

function problemInWords(problem: CircularProblem): string {
  const text = 'text' in problem ? problem.text : '';
  const found = 'found' in problem ? `,应为 ${problem.found}` : '';
  return `${problems[problem.code]}${text}${found}`;
}
