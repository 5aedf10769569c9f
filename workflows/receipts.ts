import { proxyActivities, proxyLocalActivities, startChild } from '@temporalio/workflow';
import type { OutwardActivities, StoreActivities } from '../activities/contract.ts';
import { delivery } from './delivery.ts';
import { deliveryOptions } from './messages.ts';
import { onceApart, startEach } from './start-once.ts';

/** What fails is done by the Schedule's next run. */
const outward = proxyActivities<OutwardActivities>({ startToCloseTimeout: '5 minutes', retry: { maximumAttempts: 1 } });
const store = proxyLocalActivities<StoreActivities>({ startToCloseTimeout: '30s', retry: { maximumAttempts: 3 } });

/**
 * Asks for the receipts that haven't come by themselves, and has somebody take care of each 短信 that has failed, however that became known: a
 * refusal, a callback, a question, or that it was given up. Run by a Schedule.
 * @returns how many `delivery` workflows it started
 */
export async function receipts(): Promise<number> {
  const asked = outward.askReceipts.executeWithOptions({ summary: '查询短信回执' }, []);
  const failure = await asked.then(() => undefined).catch((error: unknown) => error);
  const undelivered = await store.findUndelivered.executeWithOptions({ summary: '查找未送达的短信' }, []);
  const started = await startEach(undelivered, (messageId) =>
    startChild(delivery, { ...deliveryOptions({ messageId }), ...onceApart, args: [{ messageId }] }),
  );
  if (failure) throw failure;
  return started;
}
