import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import express, { type Request, type Response, Router } from 'express';
import { answerUnless, type Fault, type Faults, getsThrough } from './faults.ts';
import type { Outbox } from './outbox.ts';
import { messageList, messageResource, problem } from './twilio-documents.ts';

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
}

/** The Messages resource of Twilio's REST interface (https://www.twilio.com/docs/messaging/api/message-resource), for one account. */
export function twilioRouter(account: TwilioAccount, outbox: Outbox, faults: Faults): Router {
  const router = Router();
  const path = `/2010-04-01/Accounts/${account.accountSid}/Messages`;

  router.use('/2010-04-01', (request, response, next) => {
    const expected = `Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64')}`;
    if (request.headers.authorization === expected) next();
    else problem(response, 401, 20003, 'Authenticate');
  });

  router.post(`${path}.json`, express.urlencoded({ extended: false }), async (request, response) => {
    const fault = faults.next();
    const refuse = (status: 429 | 500) =>
      problem(response, status, status === 429 ? 20429 : 20500, STATUS_CODES[status] ?? '');
    if (await getsThrough(fault, request, response, refuse)) {
      accept(request, response, account.accountSid, outbox, fault);
    }
  });

  router.get(`${path}.json`, (request, response) => {
    response.json(messageList(request, account.accountSid, outbox.smsOf('twilio')));
  });

  router.get(`${path}/:sid.json`, (request, response) => {
    const message = outbox.smsOf('twilio').find(({ id }) => id === request.params.sid);
    if (message) response.json(messageResource(account.accountSid, message, 'sent'));
    else problem(response, 404, 20404, `The requested resource ${request.path} was not found`);
  });

  return router;
}

function accept(request: Request, response: Response, accountSid: string, outbox: Outbox, fault?: Fault): void {
  const { To: to = '', From: from = '', Body: body = '' } = (request.body ?? {}) as Record<string, string | undefined>;
  const refused = refusal(to, from, body);
  if (refused) {
    problem(response, 400, ...refused);
    return;
  }
  const id = `SM${randomBytes(16).toString('hex')}`;
  const at = new Date().toISOString();
  const message = { kind: 'sms' as const, provider: 'twilio' as const, id, at, from, to, body };
  outbox.add(message);
  answerUnless(fault, response, () => response.status(201).json(messageResource(accountSid, message, 'queued')));
}

/** Twilio's code and words for what it doesn't take. */
function refusal(to: string, from: string, body: string): [number, string] | undefined {
  if (!to) return [21604, "A 'To' phone number is required."];
  if (!from) return [21603, "A 'From' phone number is required."];
  if (!body) return [21602, 'Message body is required.'];
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return [21211, `Invalid 'To' Phone Number: ${to}`];
  return undefined;
}
