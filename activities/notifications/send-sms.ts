import { collectedText } from '../../policy/notifications/collected.ts';
import type { Policy, SmsProviderName } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import { findMessage, type KnownMessage } from '../../store/notifications/known.ts';
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
   * The providers that a message may be given to, in the policy's order: those that are configured, have a template for
   * it where they need one, and may be given the number.
   */
  function candidatesFor({ messaging }: Policy, { address, template }: Addressed): SmsProviderName[] {
    const mainland = address.startsWith('+86');
    return messaging.smsProviders.filter((name) => {
      const canSay = name !== 'aliyun' || template !== null;
      return providers[name] && canSay && (!mainland || takesMainland(name, messaging, twilioIsReal));
    });
  }

  return {
    /** Whether a provider that hasn't had the message yet, as far as is known, may be given it. */
    canGoElsewhere(message: KnownMessage): boolean {
      const { address } = message.outgoing;
      if (address === null) return false;
      const policy = policyInForce(dependencies);
      return candidatesFor(policy, inWords(policy, message, address)).some((name) => !had(message).includes(name));
    },

    /**
     * Dispatches one 短信 to the first provider that takes it. Where an earlier attempt may have gone out, that is found
     * out first.
     * @param to `others`: only to providers that haven't had it
     * @throws ProviderUnavailable
     */
    async send(message: KnownMessage, to: 'anyone' | 'others' = 'anyone'): Promise<void> {
      const { address } = message.outgoing;
      if (address === null) return markFailed(store, message.row.id, 'unknown recipient', workflowNow(now));
      const policy = policyInForce(dependencies);
      const words = (known: KnownMessage) => inWords(policy, known, address);
      const silent = await findOut(dependencies, providers, message, policy.messaging);
      if (silent === 'taken') return;
      // Of the providers with an open attempt only the silent may have it: the others have just said that they don't.
      const avoided = to === 'others' ? [...silent, ...had(message)] : silent;
      const candidates = candidatesFor(policy, words(message)).filter((name) => !avoided.includes(name));
      if (candidates.length > 0)
        return tryInTurn(dependencies, providers, message, candidates, { words, ...policy.messaging });
      if (silent.length > 0) throw new ProviderUnavailable(`no answer from ${silent.join(', ')}`);
      return markFailed(store, message.row.id, 'no provider allowed', workflowNow(now));
    },
  };
}

/**
 * Gives the message to the candidates in turn until one takes it. The next one has a try only where the one before
 * surely doesn't have the message; a hurried message goes on to the next also where that isn't sure.
 */
async function tryInTurn(
  dependencies: ActivityDependencies,
  providers: SmsProviders<GuardedProvider>,
  message: KnownMessage,
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
      const latest = failures.length === 0 ? message : await findMessage(dependencies.store, message.row.id);
      if (!latest) return;
      return await tryToSend(dependencies, latest, words, { name, send: provider.send, receiptMinutes });
    } catch (error) {
      const isNext = error instanceof ProviderUnavailable && (!error.uncertain || isHurried(message));
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

/** What is sent for a message: what it says, or what those of several that are still to be told say together. */
function inWords(policy: Policy, { row, outgoing, carried }: KnownMessage, address: string): Addressed {
  return { ...outgoing, address, ...(carried.length > 0 ? collectedText(policy, stillToTell({ row, carried })) : {}) };
}

/** The providers that took or refused a message; the outcome of an open attempt is still to be found out. */
function had({ attempts }: KnownMessage): string[] {
  return attempts.filter(({ outcome }) => outcome === 'taken' || outcome === 'refused').map(({ provider }) => provider);
}
