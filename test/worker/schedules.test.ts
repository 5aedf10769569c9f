import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { ensureSchedules } from '../../worker/namespace.ts';
import { housekeepingQueue } from '../../workflows/messages.ts';
import { type Namespace, openNamespace } from '../harness/run/namespace.ts';

let env: Namespace;
beforeAll(async () => {
  env = await openNamespace();
});
afterAll(() => env?.teardown());

const ensure = (briefingAt: string) =>
  ensureSchedules(env.connection, env.namespace, { briefingAt, retentionAt: '02:30' });
const briefing = () => env.client.schedule.getHandle('briefing');
/** The UTC times of day at which the briefing is sent next. */
async function times(): Promise<string[]> {
  const { info } = await briefing().describe();
  return [...new Set(info.nextActionTimes.map((time) => time.toISOString().slice(11, 16)))];
}

it('the briefing leaves when the policy says in Shanghai, and the Schedule follows the policy', async () => {
  await ensure('09:15');
  expect(await times()).toEqual(['01:15']);
  await briefing().pause('the operator is testing');
  await ensure('10:05');
  expect(await times()).toEqual(['02:05']);
  // Whoever paused it also resumes it.
  expect((await briefing().describe()).state).toMatchObject({ paused: true, note: 'the operator is testing' });
});

it('each is made once, though two workers start at the same time', async () => {
  await briefing().delete();
  await Promise.all(['10:05', '10:05'].map(ensure));
  expect(await times()).toEqual(['02:05']);
});

it('that of housekeeping becomes again what the code says', async () => {
  const handle = env.client.schedule.getHandle('housekeeping');
  await handle.update((found) => ({ ...found, spec: { intervals: [{ every: '1 day' }] } }) as never);
  await ensure('10:05');
  const { spec, action, policies } = await handle.describe();
  expect(spec.intervals).toMatchObject([{ every: 60_000 }]);
  expect(policies.overlap).toBe('SKIP');
  expect(action).toMatchObject({ workflowType: 'housekeeping', taskQueue: housekeepingQueue });
});

it('retention runs once a day at the hour of the policy', async () => {
  await ensure('09:15');
  const { action, info } = await env.client.schedule.getHandle('retention').describe();
  expect(action).toMatchObject({ workflowType: 'retention', taskQueue: housekeepingQueue });
  const [first, second] = info.nextActionTimes.map((time) => time.toISOString());
  expect(first?.slice(11, 16)).toBe('18:30');
  expect(Date.parse(second as string) - Date.parse(first as string)).toBe(86_400_000);
});
