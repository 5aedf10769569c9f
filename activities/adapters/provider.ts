import type { OutgoingMessage } from '../../store/messages.ts';

/** A provider that takes messages of one channel. */
export interface MessageProvider {
  /**
   * Hands a message over.
   * @returns the provider's id for it
   * @throws MessageRefused, ProviderUnavailable
   */
  send(message: OutgoingMessage & { address: string }): Promise<string>;
}

/** The message can't be sent as it is (wrong number, unsubscribed): trying again would change nothing. */
export class MessageRefused extends Error {}

/** The provider didn't take the message; it may next time. */
export class ProviderUnavailable extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(reason: string, retryAfterMs?: number) {
    super(reason);
    this.retryAfterMs = retryAfterMs;
  }
}
