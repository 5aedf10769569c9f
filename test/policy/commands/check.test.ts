import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import { unverified } from '../../../policy/checks/unverified.ts';
import { exchanged, folder, lineOf, shipped } from '../../harness/rules/exchanged-policy.ts';

const cwd = fileURLToPath(new URL('../../..', import.meta.url));

/** `npm run policy:check`. */
function check(path?: string, env: NodeJS.ProcessEnv = {}) {
  const args = ['run', '-s', 'policy:check', ...(path ? [path] : [])];
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd,
    env: { ...process.env, POLICY_FILE: '', ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('the check of a policy', () => {
  it('lists what the guide does not give, with file, line, field, value and note, and counts it', () => {
    const { status, stdout, stderr } = check();
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.trim().split('\n');
    const file = 'policy/panzhihua/2025-1.yaml';
    expect(lines).toContain(
      `${file}:${lineOf('  appeal: {')}: clocks.appeal = { days: 15, reminders: [3] }: 不通过后提出申诉的期限,自然日;待核实`,
    );
    expect(lines).toContainEqual(expect.stringMatching(/: notifications: 指南只说.*待核实$/));
    const marks = shipped.split('\n').filter((line) => /#.*待核实/.test(line) && !line.includes('"待核实"'));
    expect(lines.at(-1)).toBe(`Nothing contradicts itself; ${marks.length} lines are marked 待核实.`);
    expect(lines).toHaveLength(marks.length + 1);
  });

  it('refuses a policy that contradicts itself, with all that does', () => {
    const file = join(folder, 'contradicting.yaml');
    writeFileSync(file, exchanged(['closesAt: "17:00"', 'closesAt: "16:00"'], ['workingDays: 15', 'workingDays: 5']));
    const refused = {
      status: 1,
      stdout: '',
      stderr: [
        `${file}:${lineOf('closesAt:')}: clocks.closesAt: must be when the office hours end`,
        `${file}:${lineOf('reviewerReminders:')}: clocks.reviewerReminders: must be less than the 5 working days`,
        '',
      ].join('\n'),
    };
    expect(check(file)).toEqual(refused);
    expect(check(undefined, { POLICY_FILE: file }).status).toBe(1);
  });
});

describe('a mark', () => {
  const marks = (text: string) => unverified({ text, document: parseDocument(text) });

  it.each<[where: string, text: string, found: ReturnType<typeof marks>]>([
    ['beside a value', 'a: 1\nb: 2 # 天;待核实', [{ line: 2, field: 'b', value: '2', note: '天;待核实' }]],
    ['beside a block', 'a: # 待核实\n  b: 2', [{ line: 1, field: 'a', value: '', note: '待核实' }]],
    ['beside a list item', 'a:\n  - { b: 1 } # 待核实', [{ line: 2, field: 'a.0', value: '{ b: 1 }', note: '待核实' }]],
    ['above a field', 'a: 1\n# 待核实:多少\nb: 2', [{ line: 2, field: 'b', value: '', note: '待核实:多少' }]],
    ['at the end', 'a: 1\n# 其余待核实', [{ line: 2, field: '', value: '', note: '其余待核实' }]],
    ['within a text is none', 'a: "# 待核实"\nb: 待核实\nc: |\n  # 待核实\n', []],
    ['beside a text with a #', 'a: "x # y" # 待核实', [{ line: 1, field: 'a', value: '"x # y"', note: '待核实' }]],
    ['in quotation marks is none', '# 行尾注明"待核实"\n# 注明“待核实”\na: 1', []],
    ['in another comment is none', 'a: 1 # 指南', []],
  ])('%s', (_, text, found) => {
    expect(marks(text)).toEqual(found);
  });

  it('stands in the shipped policy wherever the guide gives nothing', () => {
    const fields = marks(shipped).map(({ field }) => field);
    expect(fields).toEqual(
      expect.arrayContaining([
        'effectiveFrom',
        'clocks.remindsAt',
        'clocks.ladder',
        'clocks.supplement',
        'window.bring',
        'materials.maximumFileMegabytes',
        'renewal',
        'refusals',
        'guardianUnder',
        'benefit.employee.byAge',
        'benefit.flexible',
        'staff',
        'notifications',
      ]),
    );
  });
});
