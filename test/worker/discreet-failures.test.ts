import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DefaultLogger } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { builtBundle } from '../../dev/stack/workflow-bundle.ts';
import { createWorkers } from '../../worker/worker.ts';
import { deliveryOptions } from '../../workflows/messages.ts';
import { textOf } from '../harness/http/text-of.ts';
import { testKeyring as keyring } from '../harness/keyring.ts';
import { newPerson } from '../harness/people.ts';
import { type Namespace, openNamespace } from '../harness/run/namespace.ts';
import { logTemporalTo } from '../harness/run/temporal-log.ts';

logTemporalTo(new DefaultLogger('ERROR'));

let env: Namespace;
beforeAll(async () => {
  env = await openNamespace();
});
afterAll(() => env?.teardown());

it('what an unexpected error of an activity says stays out of Temporal, and is told to the operator', async () => {
  const { name, idNumber, phone } = newPerson();
  /** As Drizzle throws it: with the values that the query was given. */
  const failure = () =>
    Object.assign(new Error(`Failed query: select 1\nparams: ${name},${idNumber},${phone}`), { code: '57P01' });
  const reported: [string, unknown][] = [];
  /** Tries of the local activity until the workflow waits for the next one itself, which its history shows. */
  let reading = 5;
  let taking = 2;
  const activities: Partial<Activities> = {
    async nextDeliveryStep() {
      reading -= 1;
      if (reading > 0) throw failure();
      return taking > 0 ? { step: 'call', at: '2026-01-05T02:00:00.000Z' } : null;
    },
    async takeDeliveryStep() {
      taking -= 1;
      if (taking > 0) throw failure();
      return [];
    },
  };
  const workers = await createWorkers({
    connection: env.nativeConnection,
    namespace: env.namespace,
    activities: activities as Activities,
    onError: (activity, error) => reported.push([activity, error]),
    keyring,
    workflowBundle: { codePath: await builtBundle() },
  });
  const running = workers.run();
  const start = { notificationId: 'discreet' };
  const handle = await env.client.workflow.start('delivery', { ...deliveryOptions(start), args: [start] });
  await handle.result();
  const history = textOf(await handle.fetchHistory());
  workers.shutdown();
  await running;

  for (const activity of ['nextDeliveryStep', 'takeDeliveryStep'])
    expect(history).toContain(`${activity} failed (57P01)`);
  for (const secret of [name, idNumber, phone]) expect(history).not.toContain(secret);
  expect(reported.map(([activity]) => activity)).toEqual([...Array(4).fill('nextDeliveryStep'), 'takeDeliveryStep']);
  expect(reported.every(([, error]) => String(error).includes(idNumber))).toBe(true);
});
