import { ClientError, ServerError, ThrottlingError } from '@alicloud/openapi-core';
import { neverSent } from './http.ts';
import { NotificationRefused, ProviderUnavailable } from './provider.ts';

/*
 * Alibaba's codes (https://help.aliyun.com/document_detail/101346.html), without their prefix (isv., isp.): not all
 * interfaces give it.
 */

/** It is the notification: its number, its template or what was put into it. */
const notificationErrors = [
  'MOBILE_NUMBER_ILLEGAL',
  'MOBILE_COUNT_OVER_LIMIT',
  'DOMESTIC_NUMBER_NOT_SUPPORTED',
  'NOT_SUPPORTED_COUNTRY',
  'CUSTOMER_REFUSED', // unsubscribed (退订)
  'BLACK_KEY_CONTROL_LIMIT',
  'SMS_CONTENT_ILLEGAL',
  'SMS_TEMPLATE_ILLEGAL',
  'TEMPLATE_MISSING_PARAMETERS',
  'TEMPLATE_PARAMS_ILLEGAL',
  'PARAM_LENGTH_LIMIT',
  'PARAM_NOT_SUPPORT_URL',
  'INVALID_PARAMETERS',
  'INVALID_JSON_PARAM',
];

/** Something broke on their side, perhaps only after the notification was taken. */
const theirErrors = ['SYSTEM_ERROR', 'GATEWAY_ERROR', 'UNKNOWN'];

/** The number, the account or the interface has had enough for now: for a minute (分钟级流控), an hour, a day or a month. */
const limit = /LIMIT_CONTROL/;

/** Counted for each number by itself; the others are of the account. */
const numberLimit = 'BUSINESS_LIMIT_CONTROL';

const MINUTE_MS = 60_000;

/**
 * What an answer with another Code than OK means. All that isn't the notification's fault is for the operator to mend
 * (keys, signature, balance, rights); the notification is left to another provider, or to a later time.
 * @param message the provider's own text, which says of a limit whether it is one of a minute
 */
export function refusalOf(code: unknown, message = ''): Error {
  // Never more than a code: their messages quote the request, with the number in it.
  const isCode = typeof code === 'string' && /^[a-z][\w.]{0,63}$/i.test(code);
  if (!isCode) return new ProviderUnavailable('unexpected answer');
  const reason = `Alibaba ${code}`;
  const name = code.replace(/^is[vp]\./, '');
  if (notificationErrors.includes(name)) return new NotificationRefused(reason);
  if (!limit.test(name)) return new ProviderUnavailable(reason, { uncertain: theirErrors.includes(name) });
  const ofMinute = message.includes('分钟') || name === 'QPS_LIMIT_CONTROL';
  const retryAfterMs = ofMinute ? MINUTE_MS : 60 * MINUTE_MS;
  return new ProviderUnavailable(reason, { uncertain: false, retryAfterMs, ofNumber: name === numberLimit });
}

/** What it means that the library has thrown this. */
export function meaningOf(error: unknown): Error {
  if (error instanceof ThrottlingError) {
    // Milliseconds, by the header x-acs-retry-after.
    return new ProviderUnavailable('Alibaba Throttling', { uncertain: false, retryAfterMs: error.retryAfter });
  }
  if (error instanceof ServerError) return new ProviderUnavailable(`HTTP ${error.statusCode}`);
  if (error instanceof ClientError) {
    const named = error.code !== 'undefined';
    return named ? refusalOf(error.code) : new ProviderUnavailable(`HTTP ${error.statusCode}`, { uncertain: false });
  }
  // Not its message, which quotes the request.
  const { code = 'no usable answer' } = error as { code?: string };
  return new ProviderUnavailable(code, { uncertain: !neverSent.includes(code) });
}
