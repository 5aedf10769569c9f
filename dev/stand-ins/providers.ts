import { createAliyun } from '../../activities/notifications/adapters/aliyun.ts';
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
  const aliyun: SmsProvider = createAliyun({
    ...account,
    signName: '攀枝花医保',
    now: systemClock,
    endpoint: aliyunUrl,
  });
  return { twilio, aliyun, email: createSmtp(smtpUrl, '门特认定 <mente@pzh-ybj.example>') };
}
