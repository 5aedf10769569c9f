import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { shiftArrangement, shiftYears, unshiftText, yearsToShift } from '../../dev/simulation/shift.ts';
import { arrangementProblems } from '../../domain/calendar/arrangement.ts';
import { addDays, isIsoDate, isWeekend } from '../../domain/dates.ts';
import { publishedArrangement, publishedYears } from '../../policy/calendar/arrangements.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scenarios = join(root, 'dev/simulation/scenarios');
const folder = mkdtempSync(join(tmpdir(), 'mente-scenarios-'));
afterAll(() => rmSync(folder, { recursive: true }));

// A little more than the program gets.
jest.setTimeout(100_000);

/** Runs `npm run simulate` as its user does. */
async function simulate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const program = ['--import', 'tsx', 'dev/simulate.ts', ...args];
  return promisify(execFile)(process.execPath, program, { cwd: root, timeout: 90_000 }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }),
  );
}

/** Date and first words of each line of the timeline, and the due date it ends with. */
const events = (out: string) =>
  out
    .split('\n')
    .filter((line) => /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}/.test(line))
    .map((line) => line.replace(/\s{2,}/g, ' | '));

function scenario(text: string): string {
  const file = join(folder, `${Math.abs(text.length)}.yaml`);
  writeFileSync(file, text);
  return file;
}

describe('the scenarios that ship', () => {
  it('are three, and each is played here', () => {
    expect(readdirSync(scenarios).sort()).toEqual([
      'may-day-2019.yaml',
      'spring-festival-2020.yaml',
      'supplement-over-national-day-2026.yaml',
    ]);
  });

  it('May Day 2019: the due date moves from 2 May to 30 April', async () => {
    const { code, out } = await simulate(join(scenarios, 'may-day-2019.yaml'), '--notifications');
    expect(code).toBe(0);
    expect(events(out)).toEqual([
      '2019-04-10 10:00 | 提交申请 | 期限 2019-05-02',
      '2019-04-10 10:00 | 受理 | 期限 2019-05-02',
      '2019-04-10 15:00 | 指定承办人:reviewer-1 | 期限 2019-05-02',
      '2019-04-12 10:00 | 公布放假安排 国办发明电〔2018〕15号;2019-03-22 调整(文号待核实),涉及 1 件',
      '2019-04-12 10:00 | 放假安排有调整,重算期限:由 2019-05-02 改为 2019-04-30 | 期限 2019-04-30',
      '2019-04-24 09:00 | 提醒审核人:还剩 5 个工作日 | 期限 2019-04-30',
      '2019-04-26 09:00 | 提醒审核人:还剩 3 个工作日 | 期限 2019-04-30',
      '2019-04-29 09:00 | 提醒审核人:还剩 1 个工作日 | 期限 2019-04-30',
      '2019-04-30 16:30 | 通过认定:材料齐全 | 期限 2019-04-30',
      '2019-04-30 16:30 | 已在医保系统备案 | 期限 2019-04-30',
    ]);
    expect(out).toContain('→ 短信 申请人:');
    expect(out).toContain('办理期限由2019年5月2日改为2019年4月30日');
    expect(out).toContain('→ 邮件 reviewer-1:');
  });

  it('Spring Festival 2020: it moves from 10 to 12 February, and only then is the case overdue', async () => {
    const { code, out } = await simulate(join(scenarios, 'spring-festival-2020.yaml'), '--explain');
    expect(code).toBe(0);
    expect(events(out)).toEqual(
      expect.arrayContaining([
        '2020-01-15 09:30 | 受理 | 期限 2020-02-10',
        '2020-01-27 12:00 | 放假安排有调整,重算期限:由 2020-02-10 改为 2020-02-12 | 期限 2020-02-12',
        '2020-02-12 17:00 | 超期上报:第 1 级 | 期限 2020-02-12',
        '2020-02-13 17:00 | 超期上报:第 2 级 | 期限 2020-02-12',
        '2020-02-14 10:00 | 通过认定 | 期限 2020-02-12',
      ]),
    );
    expect(events(out).filter((line) => line.includes('超期上报'))).toHaveLength(2);
    expect(out).toMatch(/2020-01-19 {2}调休上班日,计入 {2}春节/);
    expect(out).toMatch(/2020-02-01 {2}放假,不计 {2}春节/);
  });

  it('a supplement over National Day 2026: the clock stands still, and goes on with what was left', async () => {
    const { code, out } = await simulate(join(scenarios, 'supplement-over-national-day-2026.yaml'));
    expect(code).toBe(0);
    expect(events(out)).toEqual(
      expect.arrayContaining([
        '2026-09-24 10:00 | 要求补充材料:检查报告或病历 | 停表,还剩 12 个工作日,申请人期限 2026-10-09',
        '2026-10-08 21:00 | 收到材料 | 期限 2026-10-23',
      ]),
    );
    expect(out).toContain('结果:已通过,受理日 2026-09-21,期限 2026-10-23');
  });
});

describe('a scenario of one’s own', () => {
  it('across New Year is provisional until the year is published; what does not fit is refused in words', async () => {
    const { code, out } = await simulate(
      scenario(`
title: 跨年
submittedAt: 2026-12-25 08:00
steps:
  - { on: 2026-12-28, resubmit: { materials: [{ kind: photo, fileIds: [x] }] } }
  - { on: 2026-12-29, publish: { year: 2027, daysOff: { 2027-01-01: 元旦, 2027-01-04: 元旦 }, circular: 国办发明电〔2026〕9号 } }
`),
    );
    expect(code).toBe(0);
    expect(events(out).slice(0, 5)).toEqual([
      '2026-12-25 08:00 | 提交申请 | 期限 2027-01-18(暂定)',
      '2026-12-25 08:00 | 受理 | 期限 2027-01-18(暂定)',
      '2026-12-28 10:00 | 未被接受:resubmit。该申请目前状态为“审核中”,不能进行此操作。请刷新后查看最新进度。',
      '2026-12-29 10:00 | 公布放假安排 国办发明电〔2026〕9号,涉及 1 件',
      '2026-12-29 10:00 | 放假安排有调整,重算期限:由 2027-01-18 改为 2027-01-19 | 期限 2027-01-19',
    ]);
    expect(out).toContain('结果:审核中(尚未办结)');
  });

  it('is refused with everything that is wrong, by line', async () => {
    const file = scenario(`title: 错
submittedAt: 2026-13-01 08:00
inForce: { 2021: superseded }
steps:
  - { on: 2026-02-30, approve: {} }
  - { workingDay: 3 }
  - { on: 2026-03-02, workingDay: 3, reject: {} }
  - { on: 2026-03-02, publish: { final: 2027 }, at: noon }
surprise: 1
`);
    const { code, err } = await simulate(file);
    expect(code).toBe(1);
    for (const problem of [
      ':2: submittedAt',
      ':3: inForce',
      ':5: steps.0.on',
      ':6: steps.1',
      ':7: steps.2',
      ':8: steps.3',
      ':9: surprise',
    ]) {
      expect(err).toContain(problem);
    }
    expect(err).not.toContain('    at ');
  });

  it('is asked for where there is none', async () => {
    expect(await simulate()).toMatchObject({
      code: 1,
      err: expect.stringContaining('npm run simulate -- <scenario.yaml>'),
    });
    expect((await simulate(join(folder, 'nowhere.yaml'))).err).toContain("the file can't be read");
  });
});

describe('the shift by years', () => {
  const anyDay = fc.integer({ min: 0, max: 365 * 90 }).map((days) => addDays('2004-01-01', days));

  it('keeps weekdays and dates', () => {
    fc.assert(
      fc.property(anyDay, (date) => {
        fc.pre(date < '2071');
        const later = shiftYears(date, 28);
        expect(isIsoDate(later)).toBe(true);
        expect([isWeekend(later), shiftYears(later, -28)]).toEqual([isWeekend(date), date]);
        expect(shiftYears(addDays(date, 1), 28)).toBe(addDays(later, 1));
      }),
    );
  });

  it.each(publishedYears())('an arrangement of %d stays one', (year) => {
    expect(arrangementProblems(shiftArrangement(publishedArrangement(year), 28))).toEqual([]);
  });

  it.each([
    ['2019-04-10T02:00:00.000Z', 28],
    ['2026-11-22T23:00:00.000Z', 28],
    ['2026-11-24T00:00:00.000Z', 0],
    ['2027-01-01T00:00:00.000Z', 0],
  ])('from %s is by %d years', (from, years) => {
    expect(yearsToShift(from, '2026-11-23T12:00:00.000Z')).toBe(years);
  });

  it('is undone in texts, but not in the number of a circular', () => {
    expect(unshiftText('2048-02-12 改为 2048年2月14日,国办发明电〔2019〕16号,2020-01-27', 28, 2048)).toBe(
      '2020-02-12 改为 2020年2月14日,国办发明电〔2019〕16号,2020-01-27',
    );
  });
});
