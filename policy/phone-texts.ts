import { tailOf } from '../domain/acceptance-number.ts';
import type { Policy } from './schema.ts';
import { type SmsText, smsText, surnameOf } from './texts.ts';

/** What a new phone gets. @param code six digits */
export function phoneCodeText({ messaging }: Policy, acceptanceNumber: string, code: string): SmsText {
  const { minutes } = messaging.phoneCode;
  return smsText(messaging.phoneCode, { code, minutes, tail: tailOf(acceptanceNumber) });
}

/** What the old phone hears once it is replaced; nothing of the new one. */
export function phoneReplacedText(
  { messaging, city }: Policy,
  acceptanceNumber: string,
  applicantName: string,
): SmsText {
  const values = { surname: surnameOf(applicantName), tail: tailOf(acceptanceNumber), hotline: city.hotline };
  return smsText(messaging.phoneReplaced, values);
}
