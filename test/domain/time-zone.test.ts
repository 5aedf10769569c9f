import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = `
  import { answers } from './test/harness/rules/time-zone-answers.ts';
  import { createHash } from 'node:crypto';
  console.log(new Date('2026-01-01').getTimezoneOffset(), createHash('sha256').update(answers()).digest('hex'));
`;

/** The host's distance from UTC in minutes, and a hash of all answers. */
async function answersIn(timeZone: string) {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { ...process.env, TZ: timeZone },
  });
  const [offset, hash] = stdout.trim().split(' ');
  return { offset, hash };
}

it("the host's time zone changes no date, no due date and no arrangement", async () => {
  const zones = ['Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati'];
  const [shanghai, ...others] = await Promise.all(zones.map(answersIn));
  expect([shanghai, ...others].map((answer) => answer?.offset)).toEqual(['-480', '300', '-840']);
  for (const other of others) expect(other.hash).toBe(shanghai?.hash);
});
