import { proxyActivities, sleep } from '@temporalio/workflow';
import type { OutwardActivities, OutwardChannel, Queued } from '../activities/contract.ts';
import { shanghaiMinute } from '../domain/dates.ts';
import { store } from './store.ts';

/**
 * Providers may be down for hours. A message that nobody has taken three days after it could have left first says nothing new to its reader any
 * more; the case goes on without it.
 */
export const WORTH_TRYING_MS = 3 * 86_400_000;

/** One that was held till then, be it over a long holiday, is tried for so long all the same. */
const OPENING_MS = 3_600_000;

const outward = proxyActivities<OutwardActivities>({
  // A provider is asked what it has, and one or two are tried, each within 10 s or not at all; longer, and the worker has died.
  startToCloseTimeout: '35s',
  // A provider that is back is noticed within five minutes.
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '5m' },
});

const outwardChannels: readonly OutwardChannel[] = ['sms', 'email'];

/** Messages being handed over to providers: per channel, one event after the other; and beside them those that wait for their hour. */
export interface HandOver {
  queues: Record<OutwardChannel, Promise<void>>;
  held: Promise<void>[];
  /** How many events' messages are under way. */
  underWay: number;
}

export function nothingToHandOver(): HandOver {
  return { queues: { sms: Promise.resolve(), email: Promise.resolve() }, held: [], underWay: 0 };
}

/**
 * Messages leave beside the main loop: a slow provider never holds up a decision or a date. Those of one channel leave in the order of
 * their events; one channel doesn't wait for another, whose provider may be down, and a result doesn't wait for what is held till the morning.
 * The bound of that order: one of which nobody knows what came, and whose provider can't be asked, holds up those of the same case behind it for up
 * to the policy's `uncertainMinutes`, until another provider may have it.
 * @param event what they are about, in words
 */
export function handOver(handing: HandOver, { queued, leavesAt }: Queued, event: string): void {
  for (const channel of outwardChannels) {
    const messageIds = queued[channel];
    if (messageIds.length === 0) continue;
    const at = leavesAt?.[channel] ?? null;
    if (at !== null && Date.parse(at) > Date.now()) {
      hold(handing, messageIds, event, at);
      continue;
    }
    handing.underWay += 1;
    handing.queues[channel] = handing.queues[channel]
      .then(async () => {
        const until = Date.now() + WORTH_TRYING_MS;
        const later = await leave(messageIds, event, until);
        if (later) hold(handing, messageIds, event, later, until);
      })
      .finally(() => {
        handing.underWay -= 1;
      });
  }
}

/**
 * Lets messages wait for an instant, and for the next one where that is too early for some of them still.
 * @param until as `leave` takes it; later where they have only just waited
 */
function hold(
  handing: HandOver,
  messageIds: string[],
  event: string,
  at: string,
  until = Date.parse(at) + WORTH_TRYING_MS,
): void {
  handing.underWay += 1;
  const left = (async () => {
    for (let next: string | null = at; next; ) {
      const wait = Date.parse(next) - Date.now();
      if (wait > 0) await sleep(wait, { summary: `${shanghaiMinute(next)} 发送:${event}` });
      next = await leave(messageIds, event, Math.max(until, Date.now() + OPENING_MS));
    }
  })().finally(() => {
    handing.underWay -= 1;
  });
  handing.held.push(left);
}

/**
 * Hands messages over, and gives them up where nobody has taken them in time. To be run in a scope that can't be cancelled, as the callers' is:
 * nobody would ever hear of what is left queued.
 * @param until when they say nothing any more, in milliseconds since 1970
 * @returns when to come back for those that may not leave yet; older histories have nothing
 */
export async function leave(messageIds: string[], event: string, until: number): Promise<string | null> {
  const scheduleToCloseTimeout = until - Date.now();
  try {
    if (scheduleToCloseTimeout > 0) {
      const options = { summary: `通知:${event}`, scheduleToCloseTimeout };
      return await outward.notify.executeWithOptions(options, [{ messageIds }]);
    }
  } catch {
    // Time is up.
  }
  await giveUp(messageIds);
  return null;
}

/** Marks messages that it is too late for. */
async function giveUp(messageIds: string[]): Promise<void> {
  const now = new Date().toISOString();
  await store.giveUp.executeWithOptions({ summary: '逾期未送出,放弃' }, [{ messageIds, now }]);
}

/** Resolves when everything has left or was given up. */
export async function handedOver({ queues, held }: HandOver): Promise<void> {
  await Promise.all(Object.values(queues));
  await Promise.all(held);
}
