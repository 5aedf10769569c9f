import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTemporalCli } from '../../dev/binaries.ts';
import { ensureDigestSchedule } from '../../worker/digest-schedule.ts';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  const executable = { type: 'existing-path' as const, path: await findTemporalCli() };
  env = await TestWorkflowEnvironment.createLocal({ server: { executable } });
});
afterAll(() => env?.teardown());

const schedule = () => env.client.schedule.getHandle('digest');
/** The UTC times of day at which the Schedule starts the workflow next. */
async function times(): Promise<string[]> {
  const { info } = await schedule().describe();
  return [...new Set(info.nextActionTimes.map((time) => time.toISOString().slice(11, 16)))];
}

it('the digest leaves when the policy says in Shanghai, and the Schedule follows the policy', async () => {
  const ensure = (at: string) => ensureDigestSchedule(env.connection, 'default', at);
  await ensure('09:15');
  expect(await times()).toEqual(['01:15']);
  await schedule().pause('the operator is testing');
  await ensure('10:05');
  expect(await times()).toEqual(['02:05']);
  // Whoever paused it also resumes it.
  expect((await schedule().describe()).state).toMatchObject({ paused: true, note: 'the operator is testing' });
});

it('is made once, though two workers start at the same time', async () => {
  await schedule().delete();
  await Promise.all(['10:05', '10:05'].map((at) => ensureDigestSchedule(env.connection, 'default', at)));
  expect(await times()).toEqual(['02:05']);
});
