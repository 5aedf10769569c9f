import { minutesAfter } from '../../domain/dates.ts';
import type { KnownNotification } from '../../store/notifications/known.ts';
import { openAttempt } from '../../store/notifications/personal.ts';
import {
  type AttemptKey,
  type Begin,
  BegunElsewhere,
  beginAttempt,
  endAttempt,
  markFailed,
  markTaken,
} from '../../store/notifications/sending.ts';
import type { AttemptRow } from '../../store/notifications/tables.ts';
import type { Store } from '../../store/open.ts';
import { workflowNow } from '../clock.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import {
  type Addressed,
  NotificationRefused,
  ProviderUnavailable,
  type SmsProvider,
  type Taken,
} from './adapters/provider.ts';

/** Within this time a try is over, whatever its outcome, and a provider that has taken a notification shows it. */
export const SETTLE_MS = 20_000;

type StoreAndClock = Pick<ActivityDependencies, 'store' | 'now'>;

/** A provider for one try. */
export interface Carrier {
  name: string;
  send(notification: Addressed): Promise<string>;
  /** Minutes after which it is asked for a receipt; null where there are none. */
  receiptMinutes: number | null;
  /** What becomes of a notification that it refuses for that reason; it has failed unless this is given. */
  refused?: (id: string, reason: string) => Promise<void>;
}

/**
 * Tries to dispatch a notification to one provider. The attempt is written down before, and its outcome afterwards. An
 * attempt whose outcome nobody knows (the connection broke, or this process dies) stays open.
 * @param inWords the notification as the provider gets it, with those that it carries
 * @throws ProviderUnavailable
 */
export async function tryToSend(
  { store, now }: StoreAndClock,
  notification: KnownNotification,
  inWords: Begin['inWords'],
  carrier: Carrier,
): Promise<void> {
  const begun = await begin({ store, now }, notification, inWords, carrier.name);
  if (!begun) return;
  const key = { notificationId: notification.row.id, number: begun.number };
  try {
    const providerId = await carrier.send(begun.sent);
    await taken({ store, now }, key, { providerId, state: 'underWay' }, carrier.receiptMinutes);
  } catch (error) {
    if (error instanceof NotificationRefused) {
      await endAttempt(store, key, 'refused');
      const { refused = (id, reason) => markFailed(store, id, reason, workflowNow(now)) } = carrier;
      return refused(key.notificationId, error.message);
    }
    if (error instanceof ProviderUnavailable && !error.uncertain) await endAttempt(store, key, 'notTaken');
    throw error;
  }
}

async function begin(
  { store, now }: StoreAndClock,
  notification: KnownNotification,
  inWords: Begin['inWords'],
  provider: string,
) {
  try {
    return await beginAttempt(store, notification, { provider, startedAt: now(), now: workflowNow(now), inWords });
  } catch (error) {
    if (error instanceof BegunElsewhere) throw new ProviderUnavailable(error.message);
    throw error;
  }
}

/**
 * Asks a provider what came of a try, by the number and the words that it was given then.
 * @param provider undefined where it isn't configured (any more)
 * @returns null where it has never taken it
 * @throws ProviderUnavailable
 */
export async function lookUp(
  store: Store,
  provider: Pick<SmsProvider, 'lookUp'> | undefined,
  attempt: AttemptRow,
): Promise<Taken | null> {
  if (!provider) throw new ProviderUnavailable(`${attempt.provider} can't be asked`);
  return provider.lookUp({ ...openAttempt(store, attempt), id: attempt.notificationId }, attempt.startedAt);
}

/** Writes down that a provider has the notification, and what it says of it so far. */
export function taken(
  { store, now }: StoreAndClock,
  key: AttemptKey,
  answer: Taken,
  receiptMinutes: number | null,
): Promise<void> {
  const askAt = receiptMinutes === null ? null : minutesAfter(now(), receiptMinutes);
  return markTaken(store, key, answer, { at: workflowNow(now), askAt });
}
