import { ApplicationFailure } from '@temporalio/common';
import { tailOf } from '../../domain/cases/acceptance-number.ts';
import { nextDeliveryStep } from '../../domain/notifications/delivery.ts';
import type { NotificationDraft } from '../../domain/notifications/drafts.ts';
import { leavesAgainAt, leavesAt } from '../../domain/notifications/sending-hours.ts';
import { fill } from '../../policy/texts.ts';
import { policyInForce } from '../../policy/versions.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import { followNotification, takeStep } from '../../store/notifications/delivery.ts';
import { findNotification } from '../../store/notifications/known.ts';
import { stillToTell } from '../../store/notifications/settling.ts';
import { everyone } from '../../store/staff/queries.ts';
import { workflowNow } from '../clock.ts';
import type { OutwardActivities, StoreActivities } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { ProviderUnavailable } from './adapters/provider.ts';
import { heldUntil } from './dispatch.ts';
import type { SmsSending } from './send-sms.ts';

type DeliveryActivities = Pick<StoreActivities, 'nextDeliveryStep' | 'takeDeliveryStep'> &
  Pick<OutwardActivities, 'resend'>;

/** Builds the activities that walk on when a 短信 hasn't arrived. */
export function createDeliveryActivities(dependencies: ActivityDependencies, sms: SmsSending): DeliveryActivities {
  const { store } = dependencies;
  return {
    async nextDeliveryStep({ notificationId }) {
      const followed = await followNotification(store, notificationId);
      if (!followed) return null;
      const { notification, reached } = followed;
      const { recipient, createdAt, steps, leaving } = notification.row;
      const { delivery } = policyInForce(dependencies).notifying;
      const failedAt = stillToTell(notification)[0]?.settledAt ?? createdAt;
      const otherProvider = !reached && sms.canGoElsewhere(notification);
      const undelivered = { failedAt, toApplicant: recipient === 'applicant', otherProvider, reached, taken: steps };
      const next = nextDeliveryStep(undelivered, delivery);
      if (!next || (next.step === 'otherProvider' && leaving === 'anyTime')) return next;
      return { ...next, at: await withinHours(dependencies, next.at) };
    },

    async takeDeliveryStep({ notificationId, step }) {
      const policy = policyInForce(dependencies);
      const drafts = step.step === 'callOverdue' ? await callOverdue(dependencies, notificationId) : [];
      return takeStep(store, notificationId, step, { drafts, sendingHours: policy.notifying.sendingHours });
    },

    async resend({ notificationId }) {
      const notification = await findNotification(store, notificationId);
      if (!notification || !stillToTell(notification).some(({ state }) => state === 'failed')) return null;
      const leavesAt = await heldUntil(dependencies, notification.row);
      if (leavesAt === null) await sms.send(notification, 'others').catch(tryAgain);
      return leavesAt;
    },
  };
}

/**
 * The workflow makes a fixed number of tries, at the times of the retry policy. A try during a pause that a provider
 * asked for is over at once, without reaching the provider.
 */
function tryAgain(error: unknown): never {
  if (error instanceof ProviderUnavailable) throw ApplicationFailure.retryable(error.message, 'ProviderUnavailable');
  throw error;
}

/**
 * What the office does by day only waits for the sending hours: a call that falls due at night becomes one of the next
 * morning, and so does the note that it is overdue.
 * @param due instant
 */
async function withinHours(dependencies: ActivityDependencies, due: string): Promise<string> {
  const { sendingHours } = policyInForce(dependencies).notifying;
  const [calendar, at] = [await readCalendar(dependencies.store), workflowNow(dependencies.now)];
  if (due > at) return leavesAt(calendar, sendingHours, 'sendingHours', due);
  // Its time has passed while nobody was there: by now it may be night.
  const again = leavesAgainAt(calendar, sendingHours, 'sendingHours', at);
  return again > at ? again : due;
}

/** The mails to the supervisors about a call that nobody has made in time. */
async function callOverdue(dependencies: ActivityDependencies, notificationId: string): Promise<NotificationDraft[]> {
  const { callOverdue: words, delivery } = policyInForce(dependencies).notifying;
  const row = (await findNotification(dependencies.store, notificationId))?.row;
  const tail = tailOf(row?.acceptanceNumber ?? row?.accreditationId ?? '');
  const values = { tail, hours: delivery.callHours };
  const [subject, body] = [fill(words.subject, values), fill(words.text, values)];
  const supervisors = (await everyone(dependencies.store.db)).filter(({ roles }) => roles.includes('supervisor'));
  return supervisors.map(({ id: recipient }) => {
    return { purpose: 'callOverdue', channel: 'email', recipient, subject, body, leaving: 'anyTime' };
  });
}
