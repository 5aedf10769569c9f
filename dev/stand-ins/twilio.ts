import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import express, { type Request, type RequestHandler, Router } from 'express';
import type { Fault, Faults } from './faults.ts';
import type { Outbox } from './outbox.ts';
import { sendCallbacks } from './twilio-callbacks.ts';
import { type Answer, messageList, messageResource, problem } from './twilio-documents.ts';

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
}

/**
 * The Messages resource of Twilio's REST interface (https://www.twilio.com/docs/messaging/api/message-resource), for one account. It
 * refuses numbers that end in …0001 (none) and …0002 (unsubscribed); what becomes of the others is in twilio-course.ts.
 */
export function twilioRouter(account: TwilioAccount, outbox: Outbox, faults: Faults): Router {
  const { accountSid, authToken } = account;
  const path = `/2010-04-01/Accounts/${accountSid}/Messages`;
  const messages = () => outbox.messages().filter(({ kind, id }) => kind === 'sms' && id.startsWith('SM'));
  const router = Router();

  router.use('/2010-04-01', (request, response, next) => {
    const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    if (request.headers.authorization === expected) return next();
    const { status, body } = problem(401, 20003, 'Authenticate');
    response.status(status).json(body);
  });

  const create = withFaults(faults, (request, fault) => accept(request, account, outbox, fault));
  router.post(`${path}.json`, express.urlencoded({ extended: false }), create);

  const list = withFaults(faults, (request) => ({ status: 200, body: messageList(request, accountSid, messages()) }));
  router.get(`${path}.json`, list);

  const fetchOne = withFaults(faults, ({ params, path }) => {
    const message = messages().find(({ id }) => id === params.sid);
    if (message) return { status: 200, body: messageResource(accountSid, message) };
    return problem(404, 20404, `The requested resource ${path} was not found`);
  });
  router.get(`${path}/:sid.json`, fetchOne);

  return router;
}

/** Does to a request what is planned, and otherwise answers it. */
function withFaults(faults: Faults, answer: (request: Request, fault?: Fault) => Answer): RequestHandler {
  return async (request, response) => {
    const fault = faults.next();
    if (fault?.delayMs) await wait(fault.delayMs, undefined, { ref: false });
    if (fault?.cut === 'before') return void request.socket.destroy();
    if (fault?.retryAfter !== undefined) response.set('Retry-After', String(fault.retryAfter));
    const { status, body } = fault?.status ? failure(fault.status) : answer(request, fault);
    if (fault?.cut === 'after') request.socket.destroy();
    else if (fault?.garbage) response.send('<html><body>Welcome to the hotel</body></html>');
    else response.status(status).json(body);
  };
}

const failure = (status: 429 | 500) => problem(status, status === 429 ? 20429 : 20500, STATUS_CODES[status] ?? '');

function accept(request: Request, account: TwilioAccount, outbox: Outbox, fault?: Fault): Answer {
  const form = (request.body ?? {}) as Record<string, string | undefined>;
  const { To: to = '', From: from = '', Body: body = '', StatusCallback: url } = form;
  const refused = refusal(to, from, body, url);
  if (refused) return problem(400, ...refused);
  const id = `SM${randomBytes(16).toString('hex')}`;
  const message = { kind: 'sms' as const, id, at: new Date().toISOString(), from, to, body };
  outbox.add(message);
  if (url) sendCallbacks({ ...account, url }, message, fault?.callbacks);
  return { status: 201, body: messageResource(account.accountSid, message) };
}

/** Longest text, joined from several 短信. */
const BODY_LENGTH = 1600;

/** Twilio's code and words for what it doesn't take. */
function refusal(to: string, from: string, body: string, statusCallback = 'http://none'): [number, string] | undefined {
  if (!to) return [21604, "A 'To' phone number is required."];
  if (!from) return [21603, "A 'From' phone number is required."];
  if (!body) return [21602, 'Message body is required.'];
  if (body.length > BODY_LENGTH) return [21617, 'The concatenated message body exceeds the 1600 character limit.'];
  if (!/^\+[1-9]\d{6,14}$/.test(to) || to.endsWith('0001')) return [21211, `Invalid 'To' Phone Number: ${to}`];
  if (to.endsWith('0002')) return [21610, `Attempt to send to unsubscribed recipient ${to}`];
  if (!/^https?:\/\/[^/]/.test(statusCallback)) return [21609, `Invalid StatusCallback URL: ${statusCallback}`];
  return undefined;
}
