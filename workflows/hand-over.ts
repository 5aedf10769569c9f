import { proxyActivities } from '@temporalio/workflow';
import type { OutwardActivities, OutwardChannel } from '../activities/contract.ts';
import { store } from './store.ts';

/**
 * Providers may be down for hours. A message that nobody has taken after three days says nothing new to its reader any more;
 * the case goes on without it.
 */
const outward = proxyActivities<OutwardActivities>({
  startToCloseTimeout: '20s', // a provider answers within 10 s or not at all; longer, and the worker has died
  scheduleToCloseTimeout: '3 days',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m' },
});

const outwardChannels: readonly OutwardChannel[] = ['sms', 'email'];

/** Messages being handed over to providers: per channel, one event after the other. */
export interface HandOver {
  queues: Record<OutwardChannel, Promise<void>>;
  /** How many events' messages are under way. */
  underWay: number;
}

export function nothingToHandOver(): HandOver {
  return { queues: { sms: Promise.resolve(), email: Promise.resolve() }, underWay: 0 };
}

/**
 * Messages leave beside the main loop: a slow provider never holds up a decision or a date. Those of one channel leave in the order of
 * their events; one channel doesn't wait for another, whose provider may be down.
 * @param event what they are about, in words
 */
export function handOver(handing: HandOver, queued: Record<OutwardChannel, string[]>, event: string): void {
  for (const channel of outwardChannels) {
    const messageIds = queued[channel];
    if (messageIds.length === 0) continue;
    handing.underWay += 1;
    handing.queues[channel] = handing.queues[channel]
      .then(() => outward.notify.executeWithOptions({ summary: `通知:${event}` }, [{ messageIds }]))
      .catch(() => store.giveUp.executeWithOptions({ summary: '三天未送出,放弃' }, [{ messageIds }]))
      .finally(() => {
        handing.underWay -= 1;
      });
  }
}

/** Resolves when everything has left or was given up. */
export async function handedOver({ queues }: HandOver): Promise<void> {
  await Promise.all(Object.values(queues));
}
