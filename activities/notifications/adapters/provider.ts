import type { Taken } from '../../../domain/notifications/receipts.ts';
import type { SmsProviderName } from '../../../policy/notifications/schema.ts';
import type { Addressed } from '../../../store/notifications/known.ts';

export type { Addressed, Taken };

/** A provider that takes notifications of one channel. */
export interface NotificationProvider {
  /**
   * Dispatches a notification.
   * @returns the provider's id for it
   * @throws NotificationRefused, ProviderUnavailable
   */
  send(notification: Addressed): Promise<string>;
}

/** A provider of 短信, who can be asked afterwards what became of a notification. */
export interface SmsProvider extends NotificationProvider {
  /**
   * What became of a notification that was, or may have been, dispatched: the answer may have been lost with the
   * process or the connection.
   * @param sent what the provider was given then
   * @param since instant at which that attempt began
   * @returns null where the provider has never taken it
   * @throws ProviderUnavailable
   */
  lookUp(sent: Sent, since: string): Promise<Taken | null>;
}

/** The providers of 短信 that are configured, by the policy's names for them. */
export type SmsProviders<Provider extends SmsProvider = SmsProvider> = Partial<Record<SmsProviderName, Provider>>;

/** What a notification is known by afterwards. */
export type Sent = Pick<Addressed, 'id' | 'address' | 'body'>;

/**
 * The notification can't be sent as it is (wrong number, unsubscribed, template refused): trying again would change
 * nothing.
 */
export class NotificationRefused extends Error {}

/** Whoever asks for a longer pause (a date far away, perhaps a clock that is wrong) is asked again after this one. */
const LONGEST_PAUSE_MS = 3_600_000;

/** The provider didn't take the notification, or didn't say; it may next time. */
export class ProviderUnavailable extends Error {
  /** Milliseconds after which to come back; an hour at most. */
  readonly retryAfterMs: number | undefined;
  /** It may have taken the notification all the same: the connection broke, or its answer made no sense. */
  readonly uncertain: boolean;
  /** Only this number has to wait: it has been sent too much. */
  readonly ofNumber: boolean;

  constructor(
    reason: string,
    {
      retryAfterMs,
      uncertain = true,
      ofNumber = false,
    }: { retryAfterMs?: number | undefined; uncertain?: boolean; ofNumber?: boolean } = {},
  ) {
    super(reason);
    this.retryAfterMs = retryAfterMs === undefined ? undefined : Math.min(retryAfterMs, LONGEST_PAUSE_MS);
    this.uncertain = uncertain;
    this.ofNumber = ofNumber;
  }
}
