import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import express, { type Request, type RequestHandler, Router } from 'express';
import { answerUnless, type Fault, type Faults, getsThrough } from './faults.ts';
import { fateOf } from './numbers.ts';
import type { Outbox } from './outbox.ts';
import { sendCallbacks } from './twilio-callbacks.ts';
import { type Answer, messageList, messageResource, problem, send } from './twilio-documents.ts';

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
}

/**
 * Stands in for the Messages resource of Twilio's REST interface, for one account. numbers.ts has the numbers that
 * fail.
 * @see https://www.twilio.com/docs/messaging/api/message-resource
 */
export function twilioRouter(account: TwilioAccount, outbox: Outbox, faults: Faults): Router {
  const { accountSid, authToken } = account;
  const path = `/2010-04-01/Accounts/${accountSid}/Messages`;
  const router = Router();

  router.use('/2010-04-01', (request, response, next) => {
    const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    if (request.headers.authorization === expected) next();
    else send(response, problem(401, 20003, 'Authenticate'));
  });

  const create = withFaults(faults, (request, fault) => accept(request, account, outbox, fault));
  router.post(`${path}.json`, express.urlencoded({ extended: false }), create);

  const list = withFaults(faults, (request) => {
    return { status: 200, body: messageList(request, accountSid, outbox.smsOf('twilio')) };
  });
  router.get(`${path}.json`, list);

  const fetchOne = withFaults(faults, ({ params, path }) => {
    const message = outbox.smsOf('twilio').find(({ id }) => id === params.sid);
    if (message) return { status: 200, body: messageResource(accountSid, message) };
    return problem(404, 20404, `The requested resource ${path} was not found`);
  });
  router.get(`${path}/:sid.json`, fetchOne);

  return router;
}

/** Lets the planned fault befall a request; answers it if there is none. */
function withFaults(faults: Faults, answer: (request: Request, fault?: Fault) => Answer): RequestHandler {
  return async (request, response) => {
    const fault = faults.next();
    if (!(await getsThrough(fault, request, response, (status) => send(response, failure(status))))) return;
    const answered = answer(request, fault);
    answerUnless(fault, response, () => send(response, answered));
  };
}

const failure = (status: 429 | 500) => problem(status, status === 429 ? 20429 : 20500, STATUS_CODES[status] ?? '');

function accept(request: Request, account: TwilioAccount, outbox: Outbox, fault?: Fault): Answer {
  const form = (request.body ?? {}) as Record<string, string | undefined>;
  const { To: to = '', From: from = '', Body: body = '', StatusCallback: url } = form;
  const refused = refusal(to, from, body, url);
  if (refused) return problem(400, ...refused);
  const id = `SM${randomBytes(16).toString('hex')}`;
  const at = new Date().toISOString();
  const message = { kind: 'sms' as const, provider: 'twilio' as const, id, at, from, to, body };
  outbox.add(message);
  if (url) sendCallbacks({ ...account, url }, message, fault?.callbacks);
  return { status: 201, body: messageResource(account.accountSid, message) };
}

/** The longest text that is taken, which is sent as several 短信. */
const BODY_LENGTH = 1600;

/** Twilio's code and words for a request that it doesn't take; undefined for one that it does. */
function refusal(to: string, from: string, body: string, statusCallback = 'http://none'): [number, string] | undefined {
  if (!to) return [21604, "A 'To' phone number is required."];
  if (!from) return [21603, "A 'From' phone number is required."];
  if (!body) return [21602, 'Message body is required.'];
  if (body.length > BODY_LENGTH) return [21617, 'The concatenated message body exceeds the 1600 character limit.'];
  if (!/^\+[1-9]\d{6,14}$/.test(to) || fateOf(to) === 'illegal') return [21211, `Invalid 'To' Phone Number: ${to}`];
  if (fateOf(to) === 'unsubscribed') return [21610, `Attempt to send to unsubscribed recipient ${to}`];
  if (!/^https?:\/\/[^/]/.test(statusCallback)) return [21609, `Invalid StatusCallback URL: ${statusCallback}`];
  return undefined;
}
