import twilio from 'twilio';
import { twilioHookPath } from '../../../config/env.ts';
import { shanghaiDate } from '../../../domain/dates.ts';
import { takeStep } from '../../../store/notifications/delivery.ts';
import type { Stack } from '../faults/stack.ts';
import { policy } from '../policy.ts';
import { until } from '../until.ts';
import { PATIENCE_MS, type People } from './people.ts';
import { canary, written } from './secrets.ts';

/** Who is in charge of a case is absent from today on, and somebody else takes over; then the absence ends. */
export async function handedOver(
  { as, answered }: People,
  number: string,
  [absent, standIn]: [absent: string, standIn: string],
): Promise<void> {
  const supervisor = as('supervisor');
  const today = shanghaiDate(new Date().toISOString());
  const path = `/v1/staff/${absent}/absence`;
  const wrong = { from: canary.idNumber, until: canary.name, to: written('stand-in') };
  await answered(422, supervisor.put(path, wrong));
  await answered(200, supervisor.put(path, { from: today, until: today, to: standIn }));
  const takenOver = async () => (await supervisor.progress(number)).body.assignee === standIn;
  await until('the case is handed over', takenOver, PATIENCE_MS);
  await answered(200, supervisor.delete(path));
}

/** The first 短信 about a case reached nobody, by Twilio's receipt: a clerk calls, twice, and takes it down. */
export async function called(stack: Stack, { as, answered }: People, number: string): Promise<void> {
  const clerk = as('clerk');
  const id = `${number}-1-accepted-applicant-sms`;
  const failed = async () => {
    const { notifications } = (await as('reviewer').progress(number)).body;
    return (notifications as { id: string; state: string }[]).some((one) => one.id === id && one.state === 'failed');
  };
  await until('the receipt has come', failed, PATIENCE_MS);
  // By the policy the other provider is tried first, and then an hour passes.
  const { sendingHours } = policy.notifying;
  await takeStep(stack.store, id, { step: 'call', at: new Date().toISOString() }, { drafts: [], sendingHours });
  const { items } = (await answered(200, clerk.get('/v1/calls'))).body;
  if (!items.some((call) => call.id === id)) throw new Error('Nobody is asked to call');
  const record = (status: number, body: object) => answered(status, clerk.post(`/v1/calls/${id}/record`, body));
  await record(422, { outcome: written('outcome'), note: 7, [canary.phone]: canary.name });
  await record(204, { outcome: 'notReached', note: written('first call') });
  await record(204, { outcome: 'wrongNumber', note: written('second call') });
  await record(409, { outcome: 'reached', note: written('third call') });
}

/** What Twilio's hook is sent: about a notification that nobody knows, and what Twilio hasn't signed. */
export async function receipts({ env }: Stack, { as, answered }: People): Promise<void> {
  const parameters = {
    ...{ MessageSid: written('sid'), MessageStatus: 'undelivered', ErrorCode: '30005' },
    ...{ To: `+86${canary.phone}`, From: canary.name, Body: written('body'), ErrorMessage: canary.idNumber },
  };
  const url = env.PUBLIC_URL + twilioHookPath;
  const signature = twilio.getExpectedTwilioSignature(env.TWILIO_AUTH_TOKEN as string, url, parameters);
  const hook = (signed: string) => {
    const headers = { 'x-twilio-signature': signed, 'content-type': 'application/x-www-form-urlencoded' };
    return as('clerk').send(twilioHookPath, { method: 'POST', headers, body: new URLSearchParams(parameters) });
  };
  await answered(204, hook(signature));
  await answered(403, hook(written('signature')));
}
