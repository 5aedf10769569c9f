import { createAliyun } from '../activities/adapters/aliyun.ts';
import { createTwilio } from '../activities/adapters/twilio.ts';
import { type SmsProviders, takesMainland } from '../activities/sms-providers.ts';
import { ConfigError, twilioHookUrl, type WorkerEnv } from '../config/env.ts';
import type { Policy } from '../policy/schema.ts';

/** A server that stands in for Twilio is on this machine; behind any other address may be Twilio itself. */
export function isTwilioReal({ TWILIO_BASE_URL }: Pick<WorkerEnv, 'TWILIO_BASE_URL'>): boolean {
  return (
    TWILIO_BASE_URL === undefined || !['127.0.0.1', '[::1]', 'localhost'].includes(new URL(TWILIO_BASE_URL).hostname)
  );
}

/**
 * The providers of 短信 whose settings are there.
 * @throws ConfigError where none of them may be given numbers of the mainland
 */
export function smsProvidersOf(env: WorkerEnv, { messaging }: Policy): SmsProviders {
  const providers: SmsProviders = { ...twilioOf(env), ...aliyunOf(env) };
  const twilioIsReal = isTwilioReal(env);
  const allowed = messaging.smsProviders.filter(
    (name) => providers[name] && takesMainland(name, messaging, twilioIsReal),
  );
  if (allowed.length > 0) return providers;
  throw new ConfigError(
    `Nobody may send 短信: of ${Object.keys(providers).join(', ')} the policy allows none for numbers of the mainland ` +
      '(messaging.smsProviders, messaging.abroad). Set ALIYUN_ACCESS_KEY_ID, ALIYUN_ACCESS_KEY_SECRET and ALIYUN_SIGN_NAME.',
  );
}

function twilioOf(env: WorkerEnv): SmsProviders {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: from, PUBLIC_URL } = env;
  if (!accountSid || !authToken || !from) return {};
  const statusCallbackUrl = PUBLIC_URL && twilioHookUrl(PUBLIC_URL);
  return { twilio: createTwilio({ accountSid, authToken, from, baseUrl: env.TWILIO_BASE_URL, statusCallbackUrl }) };
}

function aliyunOf(env: WorkerEnv): SmsProviders {
  const { ALIYUN_ACCESS_KEY_ID: accessKeyId, ALIYUN_ACCESS_KEY_SECRET: accessKeySecret } = env;
  const { ALIYUN_SIGN_NAME: signName, ALIYUN_ENDPOINT: endpoint } = env;
  if (!accessKeyId || !accessKeySecret || !signName) return {};
  return { aliyun: createAliyun({ accessKeyId, accessKeySecret, signName, endpoint }) };
}
