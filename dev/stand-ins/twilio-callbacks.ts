import { createHmac } from 'node:crypto';
import type { Fault } from './faults.ts';
import type { SmsOf } from './outbox.ts';
import { courseOf, SENT_AFTER_MS, type Step } from './twilio-course.ts';

/** How long the answer to a callback is waited for. */
const TIMEOUT_MS = 15_000;

export interface CallbackSettings {
  accountSid: string;
  authToken: string;
  /** The message's StatusCallback. */
  url: string;
}

/**
 * Reports each step that a message takes from now on, once each: a callback that fails isn't sent again.
 * @see https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
 */
export function sendCallbacks(settings: CallbackSettings, message: SmsOf<'twilio'>, fault: Fault['callbacks']): void {
  for (const step of disturbed(courseOf(message.to), fault)) {
    setTimeout(() => void post(settings, message, step), step.afterMs).unref();
  }
}

function disturbed(steps: Step[], fault: Fault['callbacks']): Step[] {
  if (fault === 'lost') return [];
  if (fault === 'duplicated') return [...steps, ...steps];
  const last = steps.at(-1);
  if (fault !== 'reversed' || !last) return steps;
  return steps.toReversed().map((step, index) => ({ ...step, afterMs: last.afterMs + index * SENT_AFTER_MS }));
}

async function post({ accountSid, authToken, url }: CallbackSettings, message: SmsOf<'twilio'>, step: Step) {
  const parameters = {
    SmsSid: message.id,
    SmsStatus: step.status,
    MessageStatus: step.status,
    To: message.to,
    MessageSid: message.id,
    AccountSid: accountSid,
    From: message.from,
    ApiVersion: '2010-04-01',
    ...(step.error && { ErrorCode: String(step.error.code) }),
  };
  const headers = { 'X-Twilio-Signature': signature(authToken, url, parameters) };
  const body = new URLSearchParams(parameters);
  const answer = fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await answer.then((response) => response.body?.cancel()).catch(() => undefined);
}

/**
 * Signs by the published recipe, and not by Twilio's library, since the api checks with that one.
 * @see https://www.twilio.com/docs/usage/security#validating-requests
 */
function signature(authToken: string, url: string, parameters: Record<string, string>): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac('sha1', authToken)
    .update(url + sorted.flat().join(''))
    .digest('base64');
}
