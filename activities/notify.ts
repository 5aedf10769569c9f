import { ApplicationFailure } from '@temporalio/common';
import { markFailed, markSent, type OutgoingMessage, outgoingMessages } from '../store/messages.ts';
import { MessageRefused, ProviderUnavailable } from './adapters/provider.ts';
import type { OutwardActivities } from './contract.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Builds `notify` of the contract. */
export function createNotify({ store, providers }: ActivityDependencies): OutwardActivities['notify'] {
  async function handOver(message: OutgoingMessage): Promise<void> {
    try {
      const { address } = message;
      if (address === null) throw new MessageRefused('unknown recipient');
      const providerId = await providers[message.channel].send({ ...message, address });
      await markSent(store, message.id, new Date().toISOString(), providerId);
    } catch (error) {
      if (!(error instanceof MessageRefused)) throw error;
      await markFailed(store, message.id, error.message);
    }
  }

  return async ({ messageIds }) => {
    const outcomes = await Promise.allSettled((await outgoingMessages(store, messageIds)).map(handOver));
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    const unavailable = errors.filter((error) => error instanceof ProviderUnavailable);
    const unexpected = errors.find((error) => !(error instanceof ProviderUnavailable));
    if (unexpected) throw unexpected;
    if (unavailable.length > 0) throw untilProviderIsBack(unavailable);
  };
}

/** Comes back when the provider asked for it, or else by the retry policy. */
function untilProviderIsBack(errors: ProviderUnavailable[]): ApplicationFailure {
  const wait = Math.max(0, ...errors.map(({ retryAfterMs }) => retryAfterMs ?? 0));
  return ApplicationFailure.create({
    type: 'ProviderUnavailable',
    message: [...new Set(errors.map(({ message }) => message))].join(', '),
    ...(wait > 0 ? { nextRetryDelay: wait } : {}),
  });
}
