import { tailOf } from '../domain/acceptance-number.ts';
import type { Policy } from './schema.ts';
import { type SmsText, smsText } from './texts.ts';

/** What a new phone gets. @param code six digits */
export function phoneCodeText({ messaging }: Policy, acceptanceNumber: string, code: string): SmsText {
  const { minutes } = messaging.phoneCode;
  return smsText(messaging.phoneCode, { code, minutes, tail: tailOf(acceptanceNumber) });
}

/** What an old phone hears once it is replaced; nothing of the new one. @param number acceptance number or accreditation id that had it */
export function phoneReplacedText({ messaging, city }: Policy, number: string): SmsText {
  return smsText(messaging.phoneReplaced, { tail: tailOf(number), hotline: city.hotline });
}
