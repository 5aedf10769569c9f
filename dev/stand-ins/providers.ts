import type { SmsProvider } from '../../activities/notifications/adapters/provider.ts';
import { createSmtp } from '../../activities/notifications/adapters/smtp.ts';
import { createTwilio } from '../../activities/notifications/adapters/twilio.ts';
import { systemClock } from '../../config/clock.ts';
import type { AliyunAccount } from './aliyun-signature.ts';
import type { StandIns } from './start.ts';
import type { TwilioAccount } from './twilio.ts';

/**
 * The real clients of all providers, pointed at their stand-ins.
 * @param statusCallbackUrl to which Twilio's stand-in reports what becomes of notifications
 */
export function standInProviders(
  { smtpUrl, twilioUrl, aliyunUrl }: StandIns,
  account: TwilioAccount & AliyunAccount,
  statusCallbackUrl?: string,
) {
  const twilio: SmsProvider = createTwilio({
    ...account,
    from: '+8612393',
    now: systemClock,
    baseUrl: twilioUrl,
    statusCallbackUrl,
  });
  /** Its library takes long to load, and few need it. */
  const aliyun = async (): Promise<SmsProvider> => {
    const { createAliyun } = await import('../../activities/notifications/adapters/aliyun.ts');
    return createAliyun({ ...account, signName: '攀枝花医保', now: systemClock, endpoint: aliyunUrl });
  };
  return { twilio, aliyun, email: createSmtp(smtpUrl, '门特认定 <mente@pzh-ybj.example>') };
}
