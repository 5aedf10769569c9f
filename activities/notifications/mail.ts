import type { StaffMail } from '../../policy/notifications/staff-mail.ts';
import type { KnownNotification } from '../../store/notifications/known.ts';
import { markFailed } from '../../store/notifications/sending.ts';
import { workflowNow } from '../clock.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { ProviderUnavailable } from './adapters/provider.ts';
import { SETTLE_MS, tryToSend } from './send.ts';

/**
 * Dispatches a mail to the staff. No mailbox can be asked what it has got, so a try with an unknown outcome is simply
 * made again, under the same Message-ID; but not while it may still be under way in a worker that Temporal believes
 * dead.
 * @param inWords what the notification says, with those that it carries
 * @param refused what is done with a mail that is refused, or whose reader has no address
 * @throws ProviderUnavailable
 */
export async function sendMail(
  {
    store,
    now,
    providers,
    settleMs = SETTLE_MS,
  }: Pick<ActivityDependencies, 'store' | 'now' | 'providers' | 'settleMs'>,
  notification: KnownNotification,
  inWords: (notification: KnownNotification) => StaffMail,
  refused = (id: string, reason: string) => markFailed(store, id, reason, workflowNow(now)),
): Promise<void> {
  const { address } = notification.outgoing;
  if (address === null) return refused(notification.row.id, 'unknown recipient');
  const wait = settleMs - sinceOpen(notification, now());
  if (wait > 0) throw new ProviderUnavailable('may be under way', { retryAfterMs: wait });
  const { send } = providers.email;
  const words = (known: KnownNotification) => ({ ...known.outgoing, ...inWords(known), address });
  await tryToSend({ store, now }, notification, words, { name: 'smtp', send, receiptMinutes: null, refused });
}

/** Milliseconds, at an instant, since the last try with an unknown outcome began; infinite where there is none. */
function sinceOpen({ attempts }: KnownNotification, at: string): number {
  const open = attempts.filter(({ outcome }) => outcome === null);
  return Math.min(...open.map(({ startedAt }) => Date.parse(at) - Date.parse(startedAt)));
}
