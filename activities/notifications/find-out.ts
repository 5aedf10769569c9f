import type { SmsProviderName } from '../../policy/notifications/schema.ts';
import type { Policy } from '../../policy/schema.ts';
import type { KnownNotification } from '../../store/notifications/known.ts';
import { endAttempt } from '../../store/notifications/sending.ts';
import type { AttemptRow } from '../../store/notifications/tables.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { ProviderUnavailable, type SmsProviders } from './adapters/provider.ts';
import { lookUp, SETTLE_MS, taken } from './send.ts';

/** How long is waited for a provider's answer, and when a receipt is asked for, from the policy. */
type Waits = Pick<Policy['notifying'], 'uncertainMinutes' | 'receiptMinutes'>;

/**
 * Finds out the outcome of those attempts at a 短信 whose outcome nobody knows, and writes it down.
 * @returns `taken`, or the names of the providers that couldn't be asked for so long that another one may have the
 * notification
 * @throws ProviderUnavailable while it is worth waiting for an answer
 */
export async function findOut(
  dependencies: Pick<ActivityDependencies, 'store' | 'now' | 'settleMs'>,
  providers: SmsProviders,
  notification: KnownNotification,
  waits: Waits,
): Promise<'taken' | string[]> {
  const silent: string[] = [];
  for (const open of notification.attempts.filter(({ outcome }) => outcome === null)) {
    const became = await ask(dependencies, providers, open, waits).catch((error) => {
      if (error instanceof ProviderUnavailable && isHurried(notification)) return 'silent';
      throw error;
    });
    if (became === 'taken') return became;
    if (became === 'silent') silent.push(open.provider);
  }
  return silent;
}

/**
 * Whether a notification is only good for some minutes (a code). It is better told twice than too late, so no answer is
 * waited for.
 */
export function isHurried({ row }: KnownNotification): boolean {
  return row.until !== null;
}

async function ask(
  { store, now, settleMs = SETTLE_MS }: Pick<ActivityDependencies, 'store' | 'now' | 'settleMs'>,
  providers: SmsProviders,
  open: AttemptRow,
  { uncertainMinutes, receiptMinutes }: Waits,
): Promise<'taken' | 'notTaken' | 'silent'> {
  const age = Date.parse(now()) - Date.parse(open.startedAt);
  try {
    const answer = await lookUp(store, providers[open.provider as SmsProviderName], open);
    if (answer) {
      await taken({ store, now }, open, answer, receiptMinutes);
      return 'taken';
    }
  } catch (error) {
    const isLate = age >= uncertainMinutes * 60_000;
    if (error instanceof ProviderUnavailable && isLate) return 'silent';
    throw error;
  }
  if (age < settleMs) throw new ProviderUnavailable('not there yet', { retryAfterMs: settleMs - age });
  await endAttempt(store, open, 'notTaken');
  return 'notTaken';
}
