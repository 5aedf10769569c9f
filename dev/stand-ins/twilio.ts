import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import express, { type Request, type Response, Router } from 'express';
import type { Faults } from './faults.ts';
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
    if (fault?.delayMs) await wait(fault.delayMs, undefined, { ref: false });
    if (fault?.cut === 'before') {
      request.socket.destroy();
    } else if (fault?.status) {
      if (fault.retryAfter !== undefined) response.set('Retry-After', String(fault.retryAfter));
      problem(response, fault.status, fault.status === 429 ? 20429 : 20500, STATUS_CODES[fault.status] ?? '');
    } else {
      accept(request, response, account.accountSid, outbox, fault?.cut === 'after');
    }
  });

  router.get(`${path}.json`, (request, response) => {
    response.json(messageList(request, account.accountSid, smsOf(outbox)));
  });

  router.get(`${path}/:sid.json`, (request, response) => {
    const message = smsOf(outbox).find(({ id }) => id === request.params.sid);
    if (message) response.json(messageResource(account.accountSid, message, 'sent'));
    else problem(response, 404, 20404, `The requested resource ${request.path} was not found`);
  });

  return router;
}

const smsOf = (outbox: Outbox) => outbox.messages().filter((message) => message.kind === 'sms');

function accept(request: Request, response: Response, accountSid: string, outbox: Outbox, cut: boolean): void {
  const { To: to = '', From: from = '', Body: body = '' } = (request.body ?? {}) as Record<string, string | undefined>;
  const refused = refusal(to, from, body);
  if (refused) {
    problem(response, 400, ...refused);
    return;
  }
  const id = `SM${randomBytes(16).toString('hex')}`;
  const message = { kind: 'sms' as const, id, at: new Date().toISOString(), from, to, body };
  outbox.add(message);
  if (cut) request.socket.destroy();
  else response.status(201).json(messageResource(accountSid, message, 'queued'));
}

/** Twilio's code and words for what it doesn't take. */
function refusal(to: string, from: string, body: string): [number, string] | undefined {
  if (!to) return [21604, "A 'To' phone number is required."];
  if (!from) return [21603, "A 'From' phone number is required."];
  if (!body) return [21602, 'Message body is required.'];
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return [21211, `Invalid 'To' Phone Number: ${to}`];
  return undefined;
}
