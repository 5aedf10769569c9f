import { tailOf } from '../../domain/cases/acceptance-number.ts';
import type { SmsText } from '../../domain/notifications/drafts.ts';
import { maskedPhone } from '../../domain/people/person.ts';
import type { Policy } from '../schema.ts';
import { fill, smsText } from '../texts.ts';

/**
 * The 短信 to a new phone.
 * @param code six digits
 */
export function phoneCodeText({ notifying }: Policy, acceptanceNumber: string, code: string): SmsText {
  const { minutes } = notifying.phoneCode;
  return smsText(notifying.phoneCode, { code, minutes, tail: tailOf(acceptanceNumber) });
}

/**
 * The 短信 to an old phone once it is replaced. It says nothing of the new one.
 * @param number acceptance number or accreditation id that had the old phone
 */
export function phoneReplacedText({ notifying, city }: Policy, number: string): SmsText {
  return smsText(notifying.phoneReplaced, { tail: tailOf(number), hotline: city.hotline });
}

/**
 * The 短信 to a person's earlier phones after a filing that names another one, or that an agent made. By now they may be
 * somebody else's, so it gives no name.
 */
export function filedOtherwiseText({ notifying, city }: Policy, acceptanceNumber: string): SmsText {
  return smsText(notifying.filedOtherwise, { tail: tailOf(acceptanceNumber), hotline: city.hotline });
}

/** The 短信 to a person's phones once a clerk has acted on an online case for who was at the window. It gives no name. */
export function actedAtWindowText({ notifying, city }: Policy, acceptanceNumber: string): SmsText {
  return smsText(notifying.actedAtWindow, { tail: tailOf(acceptanceNumber), hotline: city.hotline });
}

/**
 * What lies in the APP inbox after a phone was replaced.
 * @param number acceptance number or accreditation id that has the new phone
 * @param phone the new phone (11 digits)
 */
export function phoneReplacedInApp({ notifying, city }: Policy, number: string, phone: string): string {
  const values = { tail: tailOf(number), phone: maskedPhone(phone), hotline: city.hotline };
  return fill(notifying.phoneReplaced.app, values);
}
