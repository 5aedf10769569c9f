import { collectedText } from '../../policy/notifications/collected.ts';
import type { SmsProviderName } from '../../policy/notifications/schema.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import { findNotification, type KnownNotification } from '../../store/notifications/known.ts';
import { type Begin, markFailed } from '../../store/notifications/sending.ts';
import { stillToTell } from '../../store/notifications/settling.ts';
import { workflowNow } from '../clock.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { type Addressed, ProviderUnavailable, type SmsProviders } from './adapters/provider.ts';
import { findOut, isHurried } from './find-out.ts';
import { tryToSend } from './send.ts';
import { type GuardedProvider, guardAll, takesMainland } from './sms-providers.ts';

export type SmsSending = ReturnType<typeof createSmsSending>;

/**
 * Dispatches 短信 to the providers that the policy names; every one is guarded once a worker, for all that it is given.
 */
export function createSmsSending(dependencies: ActivityDependencies) {
  const { store, now, twilioIsReal } = dependencies;
  const providers = guardAll(dependencies.providers.sms, dependencies);

  /**
   * The providers that a notification may be given to, in the policy's order: those that are configured, have a
   * template for it where they need one, and may be given the number.
   */
  function candidatesFor({ notifying }: Policy, { address, template }: Addressed): SmsProviderName[] {
    const mainland = address.startsWith('+86');
    return notifying.smsProviders.filter((name) => {
      const canSay = name !== 'aliyun' || template !== null;
      return providers[name] && canSay && (!mainland || takesMainland(name, notifying, twilioIsReal));
    });
  }

  return {
    /** Whether a provider that hasn't had the notification yet, as far as is known, may be given it. */
    canGoElsewhere(notification: KnownNotification): boolean {
      const { address } = notification.outgoing;
      if (address === null) return false;
      const policy = policyInForce(dependencies);
      return candidatesFor(policy, inWords(policy, notification, address)).some(
        (name) => !had(notification).includes(name),
      );
    },

    /**
     * Dispatches one 短信 to the first provider that takes it. Where an earlier attempt may have gone out, that is found
     * out first.
     * @param to `others`: only to providers that haven't had it
     * @throws ProviderUnavailable
     */
    async send(notification: KnownNotification, to: 'anyone' | 'others' = 'anyone'): Promise<void> {
      const { address } = notification.outgoing;
      if (address === null) return markFailed(store, notification.row.id, 'unknown recipient', workflowNow(now));
      const policy = policyInForce(dependencies);
      const words = (known: KnownNotification) => inWords(policy, known, address);
      const silent = await findOut(dependencies, providers, notification, policy.notifying);
      if (silent === 'taken') return;
      // Of the providers with an open attempt only the silent may have it: the others have just said that they don't.
      const avoided = to === 'others' ? [...silent, ...had(notification)] : silent;
      const candidates = candidatesFor(policy, words(notification)).filter((name) => !avoided.includes(name));
      if (candidates.length > 0)
        return tryInTurn(dependencies, providers, notification, candidates, { words, ...policy.notifying });
      if (silent.length > 0) throw new ProviderUnavailable(`no answer from ${silent.join(', ')}`);
      return markFailed(store, notification.row.id, 'no provider allowed', workflowNow(now));
    },
  };
}

/**
 * Gives the notification to the candidates in turn until one takes it. The next one has a try only where the one before
 * surely doesn't have the notification; a hurried notification goes on to the next also where that isn't sure.
 */
async function tryInTurn(
  dependencies: ActivityDependencies,
  providers: SmsProviders<GuardedProvider>,
  notification: KnownNotification,
  candidates: SmsProviderName[],
  { words, receiptMinutes }: { words: Begin['inWords']; receiptMinutes: number },
): Promise<void> {
  const failures: ProviderUnavailable[] = [];
  for (const name of candidates) {
    const provider = providers[name] as GuardedProvider;
    try {
      const wait = provider.restsFor();
      if (wait > 0) throw new ProviderUnavailable(`${name} is left alone`, { uncertain: false, retryAfterMs: wait });
      // Another one has had a try since it was read.
      const latest =
        failures.length === 0 ? notification : await findNotification(dependencies.store, notification.row.id);
      if (!latest) return;
      return await tryToSend(dependencies, latest, words, { name, send: provider.send, receiptMinutes });
    } catch (error) {
      const isNext = error instanceof ProviderUnavailable && (!error.uncertain || isHurried(notification));
      if (!isNext) throw error;
      failures.push(error);
    }
  }
  const waits = failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  throw new ProviderUnavailable(failures.map((failure) => failure.message).join(', '), {
    uncertain: false,
    retryAfterMs: waits.length > 0 ? Math.min(...waits) : undefined,
  });
}

/** What is sent for a notification: what it says, or what those of several that are still to be told say together. */
function inWords(policy: Policy, { row, outgoing, carried }: KnownNotification, address: string): Addressed {
  return { ...outgoing, address, ...(carried.length > 0 ? collectedText(policy, stillToTell({ row, carried })) : {}) };
}

/** The providers that took or refused a notification; the outcome of an open attempt is still to be found out. */
function had({ attempts }: KnownNotification): string[] {
  return attempts.filter(({ outcome }) => outcome === 'taken' || outcome === 'refused').map(({ provider }) => provider);
}
