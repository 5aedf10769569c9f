import { ApplicationFailure } from '@temporalio/common';
import { leavesAgainAt } from '../../domain/notifications/sending-hours.ts';
import { singleMail } from '../../policy/notifications/staff-mail.ts';
import { policyInForce } from '../../policy/versions.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import type { KnownNotification } from '../../store/notifications/known.ts';
import type { NotificationRow } from '../../store/notifications/tables.ts';
import { workflowNow } from '../clock.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { ProviderUnavailable } from './adapters/provider.ts';
import { sendMail } from './mail.ts';
import type { SmsSending } from './send-sms.ts';

/** Dispatches notifications, as `notify` of the contract. */
export type Dispatch = (notifications: KnownNotification[]) => Promise<string | null>;

/** Builds what dispatches notifications to their providers. */
export function createDispatch(dependencies: ActivityDependencies, sms: SmsSending): Dispatch {
  /** @returns the instant before which it may not leave; null once it is settled */
  async function dispatch(notification: KnownNotification): Promise<string | null> {
    if (notification.row.channel === 'email') {
      await sendSingle(dependencies, notification);
      return null;
    }
    const leavesAt = await heldUntil(dependencies, notification.row);
    if (leavesAt === null) await sms.send(notification);
    return leavesAt;
  }

  return async (notifications) => {
    const outcomes = await Promise.allSettled(notifications.map(dispatch));
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    if (errors.length > 0) throw untilProvidersAreBack(errors);
    const held = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? (outcome.value ?? []) : []));
    return held.sort()[0] ?? null;
  };
}

/**
 * A 短信 waits for the sending hours: it isn't time yet, or by now it is night, since a provider or the worker was
 * down.
 * @returns the instant before which it may not leave; null where it may
 */
export async function heldUntil(
  dependencies: ActivityDependencies,
  { leaving, leavesAt }: NotificationRow,
): Promise<string | null> {
  if (leaving === 'anyTime' || leaving === 'briefing') return null;
  const at = workflowNow(dependencies.now);
  if (leavesAt > at) return leavesAt;
  const { sendingHours } = policyInForce(dependencies).notifying;
  const again = leavesAgainAt(await readCalendar(dependencies.store), sendingHours, leaving, at);
  return again > at ? again : null;
}

async function sendSingle(dependencies: ActivityDependencies, notification: KnownNotification): Promise<void> {
  const { row, outgoing } = notification;
  const { acceptanceNumber } = row;
  const mail = singleMail({ ...outgoing, acceptanceNumber }, dependencies.workbenchUrl);
  await sendMail(dependencies, notification, () => mail);
}

/**
 * Comes back when the providers asked for it, or else by the retry policy.
 * @returns what is to be thrown; an error that isn't theirs comes first
 */
export function untilProvidersAreBack(errors: unknown[]): unknown {
  const unavailable = errors.filter((error) => error instanceof ProviderUnavailable);
  const unexpected = errors.find((error) => !(error instanceof ProviderUnavailable));
  if (unexpected) return unexpected;
  const wait = Math.max(0, ...unavailable.map(({ retryAfterMs }) => retryAfterMs ?? 0));
  return ApplicationFailure.create({
    type: 'ProviderUnavailable',
    message: [...new Set(unavailable.map(({ message }) => message))].join(', '),
    ...(wait > 0 ? { nextRetryDelay: wait } : {}),
  });
}
