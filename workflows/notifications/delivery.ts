import { proxyActivities, sleep } from '@temporalio/workflow';
import type { OutwardActivities, StoreActivities } from '../../activities/contract.ts';
import { shanghaiMinute } from '../../domain/dates.ts';
import { stepNames } from '../../domain/names.ts';
import { type DueStep, WORTH_TRYING_MS } from '../../domain/notifications/delivery.ts';
import { reads } from '../activities.ts';
import type { DeliveryStart } from '../messages.ts';
import { uncancellable } from '../uncancellable.ts';
import { leave } from './dispatch.ts';

/**
 * What can't be sent in half an hour of tries is told in the next way. The tries are counted, not the time: in any span
 * of time there might be no worker, and then nothing would have been tried.
 */
const outward = proxyActivities<OutwardActivities>({
  startToCloseTimeout: '35s',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m', maximumAttempts: 10 },
});

const store = proxyActivities<Pick<StoreActivities, 'takeDeliveryStep'>>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '60s' },
});

/**
 * One 短信 that hasn't arrived: the other provider takes it, then a clerk is asked to call, each in the policy's time,
 * until it has arrived or somebody has called. The notification's id is the workflow's.
 */
export async function delivery({ notificationId }: DeliveryStart): Promise<void> {
  await uncancellable(() => walk(notificationId));
}

async function walk(notificationId: string): Promise<void> {
  for (;;) {
    const next = await reads.nextDeliveryStep.executeWithOptions({ summary: '查询下一步' }, [{ notificationId }]);
    if (!next) return;
    // After waiting, the next step is read again: the notification may have arrived meanwhile, or the step may have
    // moved.
    if (Date.parse(next.at) > Date.now()) await waitFor(next);
    else await take(notificationId, next.step);
  }
}

async function waitFor({ step, at }: DueStep): Promise<void> {
  await sleep(Date.parse(at) - Date.now(), { summary: `${shanghaiMinute(at)} ${stepNames[step]}` });
}

async function take(notificationId: string, step: DueStep['step']): Promise<void> {
  const summary = stepNames[step];
  const heldUntil = step === 'otherProvider' ? await resend(notificationId) : null;
  if (heldUntil) return waitFor({ step, at: heldUntil });
  const taken = { step, at: new Date().toISOString() };
  const notificationIds = await store.takeDeliveryStep.executeWithOptions({ summary }, [
    { notificationId, step: taken },
  ]);
  if (notificationIds.length > 0) await leave(notificationIds, summary, Date.now() + WORTH_TRYING_MS);
}

/**
 * @returns when it may leave (instant), where the sending hours have ended between two tries; null where it was sent,
 * or can't be
 */
async function resend(notificationId: string): Promise<string | null> {
  const resent = outward.resend.executeWithOptions({ summary: stepNames.otherProvider }, [{ notificationId }]);
  return resent.catch(() => null);
}
