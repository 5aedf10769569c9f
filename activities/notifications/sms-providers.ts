import CircuitBreaker from 'opossum';
import type { SmsProviderName } from '../../policy/notifications/schema.ts';
import type { Policy } from '../../policy/schema.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import {
  type Addressed,
  NotificationRefused,
  ProviderUnavailable,
  type SmsProvider,
  type SmsProviders,
} from './adapters/provider.ts';

/** A provider that is left alone while it doesn't work. */
export interface GuardedProvider extends SmsProvider {
  /**
   * Milliseconds for which the provider takes nothing, since it has asked for that or too much went wrong; 0 where it
   * may be tried.
   */
  restsFor(): number;
}

/**
 * Whether a provider may be given numbers of the mainland. Twilio is abroad, so it gets them only where the policy
 * allows that (个人信息保护法第 38 条以下), or where a server stands in for Twilio.
 */
export function takesMainland(name: SmsProviderName, { abroad }: Policy['notifying'], twilioIsReal: boolean): boolean {
  return name !== 'twilio' || abroad || !twilioIsReal;
}

/**
 * Once more than half of a minute's sendings have failed, of at least five, the provider is left alone for `rest`; then
 * a single notification tries it.
 */
const circuit = {
  timeout: false as const,
  errorThresholdPercentage: 50,
  volumeThreshold: 5,
  rollingCountTimeout: 60_000,
};
const REST_MS = 30_000;

type OnProvider = ActivityDependencies['onProvider'];
type Guard = Pick<ActivityDependencies, 'now' | 'onProvider' | 'circuitRestMs'>;

/** Guards all providers of 短信 that are configured. */
export function guardAll(providers: SmsProviders, guard: Guard): SmsProviders<GuardedProvider> {
  const guardedProviders = Object.entries(providers).map(([name, provider]) => {
    return [name, guarded(name, reporting(name, provider, guard.onProvider), guard)];
  });
  return Object.fromEntries(guardedProviders);
}

/** Reports every answer of a provider but that it has taken a notification. */
function reporting(name: string, provider: SmsProvider, onProvider: OnProvider): SmsProvider {
  const tell = (notificationId: string) => (error: unknown) => {
    // The words of others may quote what was sent.
    const isOurs = error instanceof NotificationRefused || error instanceof ProviderUnavailable;
    onProvider({ provider: name, notificationId }, isOurs ? error.message : 'unexpected error');
    throw error;
  };
  return {
    send: (notification) => provider.send(notification).catch(tell(notification.id)),
    lookUp: (notification, since) => provider.lookUp(notification, since).catch(tell(notification.id)),
  };
}

/** Puts a circuit breaker before a provider's `send`, and obeys its Retry-After. */
export function guarded(
  name: string,
  provider: SmsProvider,
  { now, onProvider, circuitRestMs: restMs = REST_MS }: Guard,
): GuardedProvider {
  let restsUntil = 0;
  const rest = (ms: number) => {
    restsUntil = Math.max(restsUntil, Date.parse(now()) + ms);
    onProvider({ provider: name }, `is left alone for ${Math.ceil(ms / 1000)} s`);
  };
  const breaker = new CircuitBreaker((notification: Addressed) => provider.send(notification), {
    ...circuit,
    resetTimeout: restMs,
    errorFilter: saysNothingOfProvider,
  });
  breaker.on('open', () => rest(restMs));
  breaker.on('close', () => onProvider({ provider: name }, 'takes notifications again'));
  return {
    restsFor: () => Math.max(0, restsUntil - Date.parse(now())),
    lookUp: (notification, since) => provider.lookUp(notification, since),
    async send(notification) {
      try {
        return await breaker.fire(notification);
      } catch (error) {
        if (error instanceof Error && CircuitBreaker.isOurError(error)) {
          throw new ProviderUnavailable('left alone', { uncertain: false, retryAfterMs: restMs });
        }
        const unavailable = error instanceof ProviderUnavailable && !error.ofNumber;
        if (unavailable && error.retryAfterMs !== undefined) rest(error.retryAfterMs);
        throw error;
      }
    },
  };
}

/** The notification was refused, or its number has had too many. */
function saysNothingOfProvider(error: unknown): boolean {
  return error instanceof NotificationRefused || (error instanceof ProviderUnavailable && error.ofNumber);
}
