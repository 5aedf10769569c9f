import { CancellationScope, proxyActivities, sleep } from '@temporalio/workflow';
import type { OutwardActivities } from '../activities/contract.ts';
import { shanghaiMinute } from '../domain/dates.ts';
import type { DueStep } from '../domain/delivery.ts';
import { stepNames } from '../domain/names.ts';
import type { DeliveryStart } from './messages.ts';
import { store } from './store.ts';

/** What can't be sent within an hour is told in the next way. */
const outward = proxyActivities<OutwardActivities>({
  startToCloseTimeout: '35s',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m' },
});

/**
 * One 短信 that hasn't arrived: the other provider, then a call by a clerk, each in the policy's time, until it has arrived or somebody has called.
 * The message's id is the workflow's. A cancellation from Temporal Web doesn't end it: nobody would be told then.
 */
export async function delivery({ messageId }: DeliveryStart): Promise<void> {
  await CancellationScope.nonCancellable(() => walk(messageId));
}

async function walk(messageId: string): Promise<void> {
  for (;;) {
    const next = await store.nextDeliveryStep.executeWithOptions({ summary: '查询下一步' }, [{ messageId }]);
    if (!next) return;
    const wait = Date.parse(next.at) - Date.now();
    // What has arrived meanwhile, or was moved, is asked for again.
    if (wait > 0) await sleep(wait, { summary: `${shanghaiMinute(next.at)} ${stepNames[next.step]}` });
    else await take(messageId, next.step);
  }
}

async function take(messageId: string, step: DueStep['step']): Promise<void> {
  const summary = stepNames[step];
  if (step === 'otherProvider')
    await unlessUnavailable(outward.resend.executeWithOptions({ summary }, [{ messageId }]));
  const taken = { step, at: new Date().toISOString() };
  const messageIds = await store.takeDeliveryStep.executeWithOptions({ summary }, [{ messageId, step: taken }]);
  if (messageIds.length > 0) await unlessUnavailable(outward.notify.executeWithOptions({ summary }, [{ messageIds }]));
}

/** The next way doesn't wait for this one. */
async function unlessUnavailable(sent: Promise<unknown>): Promise<void> {
  await sent.catch(() => undefined);
}
