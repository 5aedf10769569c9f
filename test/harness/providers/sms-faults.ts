import type { StandIns } from '../../../dev/stand-ins/start.ts';
import type { SmsProviderName } from '../../../policy/notifications/schema.ts';

type Origins = Pick<StandIns, 'twilioUrl' | 'aliyunUrl'>;

/** Plans what goes wrong with the next requests to the stand-in for a provider of 短信; nothing any more without it. */
export async function planSmsFault(
  { twilioUrl, aliyunUrl }: Origins,
  provider: SmsProviderName,
  fault?: object,
): Promise<void> {
  const control = { twilio: `${twilioUrl}/control`, aliyun: `${aliyunUrl}/aliyun/control` };
  const headers = { 'content-type': 'application/json' };
  const plan = { method: 'POST', headers, body: JSON.stringify(fault) };
  const { ok } = await fetch(control[provider], fault ? plan : { method: 'DELETE' });
  if (!ok) throw new Error('The stand-in does not know this fault');
}
