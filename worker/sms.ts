import type { SmsProviders } from '../activities/notifications/adapters/provider.ts';
import { createTwilio } from '../activities/notifications/adapters/twilio.ts';
import { takesMainland } from '../activities/notifications/sms-providers.ts';
import { ConfigError, inWords, smsSettings, twilioHookUrl, type WorkerEnv } from '../config/env.ts';
import type { Clock } from '../domain/dates.ts';
import { smsProviders } from '../policy/notifications/schema.ts';
import type { Policy } from '../policy/schema.ts';

/** A server that stands in for Twilio is on this machine; behind any other address may be Twilio itself. */
export function isTwilioReal({ TWILIO_BASE_URL }: Pick<WorkerEnv, 'TWILIO_BASE_URL'>): boolean {
  return (
    TWILIO_BASE_URL === undefined || !['127.0.0.1', '[::1]', 'localhost'].includes(new URL(TWILIO_BASE_URL).hostname)
  );
}

/**
 * The providers of 短信 whose settings are there.
 * @throws ConfigError where none of them may be given numbers of the mainland, with what keeps each from it
 */
export async function smsProvidersOf(env: WorkerEnv, { notifying }: Policy, now: Clock): Promise<SmsProviders> {
  const providers: SmsProviders = { ...twilioOf(env, now), ...(await aliyunOf(env, now)) };
  const twilioIsReal = isTwilioReal(env);
  const candidates = smsProviders.map((name) => ({
    name,
    obstacles: [
      ...(providers[name] ? [] : [`${inWords(smsSettings[name])} are not set`]),
      ...(notifying.smsProviders.includes(name) ? [] : ["the policy's notifying.smsProviders doesn't name it"]),
      ...(takesMainland(name, notifying, twilioIsReal) ? [] : ["the policy's notifying.abroad is false"]),
    ],
  }));
  if (candidates.some(({ obstacles }) => obstacles.length === 0)) return providers;
  const lines = candidates.map(({ name, obstacles }) => `not ${name}: ${obstacles.join('; ')}`);
  throw new ConfigError(['Nobody may send 短信 to numbers of the mainland:', ...lines].join('\n'));
}

function twilioOf(env: WorkerEnv, now: Clock): SmsProviders {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: from, PUBLIC_URL } = env;
  if (!accountSid || !authToken || !from) return {};
  const statusCallbackUrl = PUBLIC_URL && twilioHookUrl(PUBLIC_URL);
  return {
    twilio: createTwilio({ accountSid, authToken, from, now, baseUrl: env.TWILIO_BASE_URL, statusCallbackUrl }),
  };
}

async function aliyunOf(env: WorkerEnv, now: Clock): Promise<SmsProviders> {
  const { ALIYUN_ACCESS_KEY_ID: accessKeyId, ALIYUN_ACCESS_KEY_SECRET: accessKeySecret } = env;
  const { ALIYUN_SIGN_NAME: signName, ALIYUN_ENDPOINT: endpoint } = env;
  if (!accessKeyId || !accessKeySecret || !signName) return {};
  // Only here: Alibaba's library takes longer to load than all other clients of providers together.
  const { createAliyun } = await import('../activities/notifications/adapters/aliyun.ts');
  return { aliyun: createAliyun({ accessKeyId, accessKeySecret, signName, now, endpoint }) };
}
