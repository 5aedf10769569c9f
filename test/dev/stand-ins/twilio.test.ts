import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import express from 'express';
import { account } from '../../../dev/stand-ins/account.ts';
import type { Fault } from '../../../dev/stand-ins/faults.ts';
import { type StandIns, startStandIns } from '../../../dev/stand-ins/start.ts';
import { planSmsFault } from '../../harness/providers/sms-faults.ts';
import { openServers } from '../../harness/servers.ts';
import { until } from '../../harness/until.ts';

const path = `/2010-04-01/Accounts/${account.accountSid}/Messages`;
const sms = { From: '+8613900000000', To: '+8613800138000', Body: '您的门特申请需要补充材料。' };

let standIns: StandIns;
let servers: ReturnType<typeof openServers>;
beforeEach(async () => {
  standIns = await startStandIns({ ...account, smtpPort: 0, httpPort: 0 });
  servers = openServers();
});
afterEach(async () => {
  await standIns.stop();
  await servers.close();
});

async function ask(uri: string, form?: Record<string, string>) {
  const authorization = `Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64')}`;
  const method = form ? 'POST' : 'GET';
  const body = form ? new URLSearchParams(form) : null;
  const response = await fetch(`${standIns.twilioUrl}${uri}`, { method, body, headers: { authorization } });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const create = async (form: Record<string, string> = {}) => (await ask(`${path}.json`, { ...sms, ...form })).body;
const list = (query: Record<string, string>) => ask(`${path}.json?${new URLSearchParams(query)}`);
const sids = (page: { messages: { sid: string }[] }) => page.messages.map(({ sid }) => sid);

async function reaches(sid: string, status: string): Promise<void> {
  await until(`${sid} is ${status}`, async () => (await ask(`${path}/${sid}.json`)).body.status === status);
}

describe("Twilio's published description", () => {
  const file = new URL('./twilio-api-v2010.json', import.meta.url);
  const description = JSON.parse(readFileSync(file, 'utf8'));
  const message = description.components.schemas['api.v2010.account.message'];
  // Nothing is missing, and nothing is there that isn't published.
  for (const schema of [message, description.ListMessageResponse]) {
    Object.assign(schema, { required: Object.keys(schema.properties), additionalProperties: false });
  }
  const rfc2822 = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/;
  const formats = {
    'date-time-rfc-2822': (text: string) => rfc2822.test(text),
    'phone-number': true,
    currency: true,
    uri: true,
    'uri-map': true,
  } as const;
  const ajv = new Ajv({ strict: false, formats: { ...formats, 'date-time': true, int64: true } });
  ajv.addSchema(description);

  function expectToFit(schema: string, value: unknown) {
    const validate = ajv.getSchema(`twilio#/${schema}`);
    expect([validate?.(value), validate?.errors]).toEqual([true, null]);
  }

  it('holds for a message on its way, for one that ends, and for pages of them', async () => {
    const ends = [
      ['+8613800138000', 'delivered'],
      ['+8613800130003', 'undelivered'],
    ] as const;
    for (const [To, status] of ends) {
      const created = await create({ To });
      expectToFit('components/schemas/api.v2010.account.message', created);
      expect(created).toMatchObject({ status: 'queued', date_sent: null });
      await reaches(created.sid, status);
      const ended = (await ask(`${path}/${created.sid}.json`)).body;
      expectToFit('components/schemas/api.v2010.account.message', ended);
      expect(ended).toMatchObject({ status, date_sent: expect.any(String) });
    }
    for (const query of ['', 'PageSize=1', 'To=%2B8613900000009']) {
      const { status, body } = await ask(`${path}.json?${query}`);
      expect(status).toBe(200);
      expectToFit('ListMessageResponse', body);
    }
  });

  it('names what the pages are asked for by', async () => {
    for (let i = 0; i < 3; i++) await create();
    const { body } = await list({ To: sms.To, PageSize: '2' });
    const parameters = Object.fromEntries(new URL(body.next_page_uri, standIns.twilioUrl).searchParams);
    expect(Object.keys(description.ListMessageQuery.properties)).toEqual(
      expect.arrayContaining(Object.keys(parameters)),
    );
  });
});

describe('pages', () => {
  it('lead forth and back, also while more is sent', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await create()).sid);
    await reaches(ids[0] as string, 'delivered');
    const first = (await list({ PageSize: '2' })).body;
    const later = await create();
    await reaches(later.sid, 'delivered');
    const second = (await ask(first.next_page_uri)).body;
    const third = (await ask(second.next_page_uri)).body;
    expect([first, second, third].map(sids)).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect([third.next_page_uri, first.previous_page_uri]).toEqual([null, null]);
    expect(sids((await ask(third.previous_page_uri)).body)).toEqual(ids.slice(2, 4));
    expect(sids((await list({ PageSize: '5000' })).body)).toEqual([later.sid, ...ids]);
  });

  it('find by the date of sending only what was sent', async () => {
    const { sid: sent } = await create();
    await reaches(sent, 'delivered');
    const { sid: queued } = await create({ To: '+8613800130004' });
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    expect(sids((await list({})).body)).toEqual([sent, queued]);
    expect(sids((await list({ 'DateSent>': yesterday })).body)).toEqual([sent]);
    expect(sids((await list({ From: sms.From, 'DateSent<': yesterday })).body)).toEqual([]);
    expect(sids((await list({ From: '+8613900000009' })).body)).toEqual([]);
  });
});

it.each([
  ['a number that is none', { To: '+8613800130001' }, 21211],
  ['a number that has unsubscribed', { To: '+8613800130002' }, 21610],
  ['a text that is too long', { Body: '字'.repeat(1601) }, 21617],
  ['an address for callbacks that is none', { StatusCallback: 'nowhere' }, 21609],
])('refuses %s', async (_, form, code) => {
  expect(await create(form)).toMatchObject({ status: 400, code });
  expect((await list({})).body.messages).toEqual([]);
});

describe('status callbacks', () => {
  interface Callback {
    signature: string | undefined;
    type: string | undefined;
    form: Record<string, string>;
  }

  /** Somebody who wants to be told, and answers like this. */
  async function hook(answer: express.RequestHandler = (_, response) => void response.status(204).end()) {
    const callbacks: Callback[] = [];
    const keep: express.RequestHandler = ({ headers, body }, _, next) => {
      const { 'x-twilio-signature': signature, 'content-type': type } = headers;
      callbacks.push({ signature: signature as string | undefined, type, form: { ...body } });
      next();
    };
    const origin = await servers.serve(
      express().post('/status', express.urlencoded({ extended: false }), keep, answer),
    );
    return {
      url: `${origin}/status?city=510400`,
      callbacks,
      statuses: () => callbacks.map(({ form }) => form.MessageStatus),
    };
  }

  it('tell of each step, signed', async () => {
    const { url, callbacks, statuses } = await hook();
    const { sid } = await create({ StatusCallback: url });
    await until('the last one is there', async () => callbacks.length === 2);
    expect(statuses()).toEqual(['sent', 'delivered']);
    const form = {
      AccountSid: account.accountSid,
      ApiVersion: '2010-04-01',
      From: sms.From,
      MessageSid: sid,
      MessageStatus: 'sent',
      SmsSid: sid,
      SmsStatus: 'sent',
      To: sms.To,
    };
    const text = `${url}${Object.entries(form).flat().join('')}`;
    const signature = createHmac('sha1', account.authToken).update(text).digest('base64');
    expect(callbacks[0]).toEqual({
      signature,
      form,
      type: expect.stringMatching(/^application\/x-www-form-urlencoded/),
    });
  });

  it('say why a message was not delivered, and nothing of one that stays where it is', async () => {
    const { url, callbacks } = await hook();
    await create({ To: '+8613800130004', StatusCallback: url });
    await create({ To: '+8613800130003', StatusCallback: url });
    await until('the last one is there', async () => callbacks.length === 2);
    expect(callbacks[1]?.form).toMatchObject({
      To: '+8613800130003',
      MessageStatus: 'undelivered',
      ErrorCode: '30005',
    });
  });

  it.each<[NonNullable<Fault['callbacks']>, string[]]>([
    ['duplicated', ['delivered', 'delivered', 'sent', 'sent']],
    ['reversed', ['delivered', 'sent']],
    ['lost', []],
  ])('come %s when they shall', async (callbacks, expected) => {
    const disturbed = await hook();
    await planSmsFault(standIns, 'twilio', { callbacks });
    await create({ StatusCallback: disturbed.url });
    await until('they are there', async () => disturbed.callbacks.length === expected.length);
    // Of a later message, which nothing happens to.
    const usual = await hook();
    await create({ StatusCallback: usual.url });
    await until('those are there', async () => usual.callbacks.length === 2);
    const statuses = disturbed.statuses();
    expect(callbacks === 'duplicated' ? statuses.sort() : statuses).toEqual(expected);
  });

  it.each<[string, express.RequestHandler]>([
    ['left without an answer', () => undefined],
    ['refused', (_, response) => void response.status(500).end()],
    ['cut off', (request) => void request.socket.destroy()],
  ])('go on when one is %s', async (_, answer) => {
    const { url, callbacks, statuses } = await hook(answer);
    const { sid } = await create({ StatusCallback: url });
    await until('the last one is there', async () => callbacks.length === 2);
    expect(statuses()).toEqual(['sent', 'delivered']);
    await reaches(sid, 'delivered');
  });
});
