import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { MessageRefused, ProviderUnavailable, type Taken } from '../../activities/adapters/provider.ts';
import { createTwilio, type TwilioSettings } from '../../activities/adapters/twilio.ts';
import { isFromTwilio, receiptOf, type StatusCallback } from '../../api/twilio-receipt.ts';
import { type StandIns, startStandIns } from '../../dev/stand-ins/start.ts';
import { openServers } from '../support/servers.ts';
import { until } from '../support/until.ts';

const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'secret', insuranceToken: 'token' };
const from = '+8613900000000';

/** As `notify` hands it over. */
const sms = {
  id: 'message-1',
  channel: 'sms' as const,
  address: '+8613800138000',
  subject: '',
  body: '您的门特申请需要补充材料。',
  template: null,
};
const ending = (digits: string) => ({ ...sms, address: `+861380013${digits}` });

const shortly = () => new Date(Date.now() + 5_000).toISOString();
const longAgo = '2020-01-01T00:00:00.000Z';

let dataDir: string;
let standIns: StandIns;
let servers: ReturnType<typeof openServers>;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'mente-twilio-'));
  servers = openServers();
  standIns = await startStandIns({ ...account, smtpPort: 0, httpPort: 0, dataDir });
});
afterEach(async () => {
  await standIns.stop();
  await servers.close();
  await rm(dataDir, { recursive: true });
});

const adapter = (settings: Partial<TwilioSettings> = {}) =>
  createTwilio({ ...account, from, baseUrl: standIns.twilioUrl, timeoutMs: 5_000, ...settings });

/** An adapter for a Twilio that answers like this. */
const adapterTo = async (listener: RequestListener) => adapter({ baseUrl: await servers.serve(listener) });

async function control(fault: object): Promise<void> {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) };
  expect((await fetch(`${standIns.twilioUrl}/control`, request)).status).toBe(200);
}

async function outbox(): Promise<{ id: string; to: string; body: string }[]> {
  return JSON.parse(await (await fetch(`${standIns.twilioUrl}/messages`)).text()).messages;
}

const thrownBy = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

async function expectRefused(sending: Promise<unknown>, code: number) {
  const error = await thrownBy(sending);
  expect(error).toBeInstanceOf(MessageRefused);
  expect(error).toEqual(new MessageRefused(`Twilio ${code}`));
}

async function expectUnavailable(asking: Promise<unknown>, reason: string, certainty: 'certain' | 'uncertain') {
  const error = await thrownBy(asking);
  expect(error).toBeInstanceOf(ProviderUnavailable);
  // What the library or Twilio say may quote the request.
  expect(error).toMatchObject({ message: reason, uncertain: certainty === 'uncertain' });
  expect((error as Error).cause).toBeUndefined();
}

describe('handing a message over', () => {
  it('says what, to whom and whom to tell, and nothing else', async () => {
    const forms: object[] = [];
    const twilio = express().use(express.urlencoded({ extended: false }), ({ body }, response) => {
      forms.push({ ...body });
      response.status(201).json({ sid: 'SM1' });
    });
    const baseUrl = await servers.serve(twilio);
    expect(await adapter({ baseUrl }).send(sms)).toBe('SM1');
    await adapter({ baseUrl, statusCallbackUrl: 'https://mente.example/status' }).send(sms);
    const form = { To: sms.address, From: from, Body: sms.body };
    expect(forms).toEqual([form, { ...form, StatusCallback: 'https://mente.example/status' }]);
  });

  it.each([
    ['a number that is none', ending('0001'), 21211],
    ['a number that has unsubscribed', ending('0002'), 21610],
    ['no text', { ...sms, body: '' }, 21602],
    ['too long a text', { ...sms, body: '字'.repeat(1601) }, 21617],
  ])('is refused for good: %s', async (_, message, code) => {
    await expectRefused(adapter().send(message), code);
    expect(await outbox()).toEqual([]);
  });

  it.each([21211, 21610, 21612, 21614, 21602, 21617, 21635])(
    'takes %d for an answer about the message',
    async (code) => {
      const twilio = await adapterTo((_, response) => {
        response.writeHead(400).end(JSON.stringify({ code, message: `not to ${sms.address}`, status: 400 }));
      });
      await expectRefused(twilio.send(sms), code);
    },
  );

  it.each([
    [400, 21408],
    [400, 21606],
    [400, 21608],
    [400, 21611],
    [401, 20003],
    [403, 20005],
    [404, 20404],
    [429, 63038],
  ])('takes %d %d for something that may pass, and the message for not taken', async (status, code) => {
    const twilio = await adapterTo((_, response) => {
      response.writeHead(status).end(JSON.stringify({ code, message: `not from ${from}`, status }));
    });
    await expectUnavailable(twilio.send(sms), `Twilio ${code}`, 'certain');
  });

  it.each<[string, number, string, string, 'certain' | 'uncertain']>([
    ["a gateway's 400", 400, '<html>', 'HTTP 400', 'uncertain'],
    ["a gateway's 403", 403, '<html>', 'HTTP 403', 'certain'],
    ["a gateway's 429", 429, '', 'HTTP 429', 'certain'],
    ["a gateway's 502", 502, '<html>', 'HTTP 502', 'uncertain'],
    ['the way to elsewhere', 307, '', 'HTTP 307', 'uncertain'],
    ['nothing', 201, '', 'unexpected answer', 'uncertain'],
    ['half an answer', 201, '{"sid":"SM1', 'unexpected answer', 'uncertain'],
    ['something else', 201, '{"messages":[],"sid":7}', 'unexpected answer', 'uncertain'],
    ['null', 201, 'null', 'unexpected answer', 'uncertain'],
  ])('takes no nonsense: %s', async (_, status, body, reason, certainty) => {
    const twilio = await adapterTo((_, response) => {
      response.writeHead(status, { location: standIns.twilioUrl }).end(body);
    });
    await expectUnavailable(twilio.send(sms), reason, certainty);
  });

  it.each<[string, () => string, number | undefined]>([
    ['seconds', () => '7', 7_000],
    ['a date', () => new Date(Date.now() + 3_600_000).toUTCString(), 3_600_000],
    ['a date gone by', () => new Date(0).toUTCString(), undefined],
    ['no time', () => '0', undefined],
    ['nonsense', () => 'soon', undefined],
  ])('passes on how long to wait: %s', async (_, header, expected) => {
    for (const status of [429, 503]) {
      const twilio = await adapterTo(
        (_, response) => void response.writeHead(status, { 'retry-after': header() }).end(),
      );
      const { retryAfterMs } = (await thrownBy(twilio.send(sms))) as ProviderUnavailable;
      if (expected === undefined) expect(retryAfterMs).toBeUndefined();
      // The date has whole seconds, and some time has passed.
      else expect(Math.abs((retryAfterMs ?? 0) - expected)).toBeLessThan(expected / 10);
    }
  });

  it('knows that nothing was taken where nobody is there', async () => {
    await expectUnavailable(adapter({ baseUrl: 'http://127.0.0.1:1' }).send(sms), 'ECONNREFUSED', 'certain');
    await expectUnavailable(adapter({ authToken: 'wrong' }).send(sms), 'Twilio 20003', 'certain');
  });
});

describe('a message arrives once', () => {
  /** As a retry does: finds out first whether the attempt before went out. */
  async function sendUntilTaken(twilio: ReturnType<typeof adapter>): Promise<string> {
    const since = new Date().toISOString();
    for (let attempt = 1; attempt <= 5; attempt++) {
      try {
        const taken = attempt > 1 ? await twilio.lookUp(sms, since) : null;
        return taken?.providerId ?? (await twilio.send(sms));
      } catch (error) {
        if (!(error instanceof ProviderUnavailable)) throw error;
      }
    }
    throw new Error('never taken');
  }

  it.each<[string, object]>([
    ['as usual', {}],
    ['cut off before it was taken', { cut: 'before' }],
    ['cut off after it was taken', { cut: 'after' }],
    ['cut off again and again', { cut: 'after', times: 3 }],
    ['answered with garbage', { garbage: true, times: 2 }],
    ['failing', { status: 500, times: 3 }],
    ['throttled', { status: 429, retryAfter: 1 }],
  ])('%s', async (_, fault) => {
    if (Object.keys(fault).length > 0) await control(fault);
    const sid = await sendUntilTaken(adapter());
    expect(await outbox()).toMatchObject([{ id: sid, to: sms.address, body: sms.body }]);
  });

  it('although it was taken only after its sender had given up', async () => {
    await control({ delayMs: 300 });
    const since = new Date().toISOString();
    await expectUnavailable(adapter({ timeoutMs: 100 }).send(sms), 'ECONNABORTED', 'uncertain');
    expect(await adapter().lookUp(sms, since)).toBeNull();
    await until('it is taken', async () => (await adapter().lookUp(sms, since)) !== null);
    expect(await outbox()).toHaveLength(1);
  });

  it('although Twilio fails for long', async () => {
    await control({ status: 500, times: 1000 });
    for (let i = 0; i < 20; i++) {
      await expectUnavailable(adapter().send(sms), 'Twilio 20500', 'uncertain');
      await expectUnavailable(adapter().lookUp(sms, longAgo), 'Twilio 20500', 'uncertain');
    }
    await fetch(`${standIns.twilioUrl}/control`, { method: 'DELETE' });
    await sendUntilTaken(adapter());
    expect(await outbox()).toHaveLength(1);
  });
});

describe('looking a message up', () => {
  const becomes = (message: typeof sms, expected: Taken) =>
    until(`it is ${expected.state}`, async () => {
      const taken = await adapter().lookUp(message, longAgo);
      return (
        taken?.state === expected.state &&
        taken.providerId === expected.providerId &&
        taken.failure === expected.failure
      );
    });

  it('tells how far it is', async () => {
    expect(await adapter().lookUp(sms, longAgo)).toBeNull();
    const providerId = await adapter().send(sms);
    await becomes(sms, { providerId, state: 'delivered' });
    const undelivered = await adapter().send(ending('0003'));
    await becomes(ending('0003'), { providerId: undelivered, state: 'undelivered', failure: '30005' });
    const staying = await adapter().send(ending('0004'));
    expect(await adapter().lookUp(ending('0004'), longAgo)).toEqual({ providerId: staying, state: 'underWay' });
  });

  it('takes no other for it', async () => {
    const since = new Date().toISOString();
    const first = await adapter().send(sms);
    await adapter().send(sms);
    expect(await adapter().lookUp(sms, since)).toMatchObject({ providerId: first });
    expect(await adapter().lookUp(sms, shortly())).toBeNull();
    expect(await adapter().lookUp({ ...sms, body: `${sms.body} ` }, since)).toBeNull();
    expect(await adapter().lookUp({ ...sms, address: '+8613800138001' }, since)).toBeNull();
  });

  it('finds it among thousands, sent before or not sent yet', async () => {
    const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();
    const entry = (id: number, minutesAgo: number, body: string) =>
      JSON.stringify({
        kind: 'sms',
        provider: 'twilio',
        id: `SM${id}`,
        at: at(minutesAgo),
        from,
        to: sms.address,
        body,
      });
    const others = Array.from({ length: 2100 }, (_, i) => entry(i + 1, 1, '其他'));
    await standIns.stop();
    await appendFile(join(dataDir, 'outbox.jsonl'), [entry(0, 60, '很久以前'), ...others].join('\n'));
    standIns = await startStandIns({ ...account, smtpPort: 0, httpPort: 0, dataDir });
    expect(await adapter().lookUp({ ...sms, body: '很久以前' }, longAgo)).toMatchObject({ providerId: 'SM0' });
    const since = at(0);
    const queued = await adapter().send(sms);
    expect(await adapter().lookUp(sms, since)).toMatchObject({ providerId: queued });
  });

  it.each<[string, number, string, string]>([
    ['a refusal', 400, '{"code":21211,"message":"Invalid"}', 'Twilio 21211'],
    ["a gateway's 404", 404, '<html>', 'HTTP 404'],
    ['a page', 200, '<html>', 'unexpected answer'],
    ['another list', 200, '{"items":[]}', 'unexpected answer'],
    ['a message', 200, '{"sid":"SM1"}', 'unexpected answer'],
    [
      'dates that are none',
      200,
      '{"messages":[{"sid":"SM1","status":"sent","date_created":null}]}',
      'unexpected answer',
    ],
  ])('never takes for “not there”: %s', async (_, status, body, reason) => {
    const twilio = await adapterTo((_, response) => void response.writeHead(status).end(body));
    const error = await thrownBy(twilio.lookUp(sms, longAgo));
    expect(error).toBeInstanceOf(ProviderUnavailable);
    expect(error).toMatchObject({ message: reason });
  });
});

describe('a status callback', () => {
  it('says what became of the message, and proves that it is from Twilio', async () => {
    const callbacks: StatusCallback[] = [];
    const origin = await servers.serve(
      express().use(express.urlencoded({ extended: false }), (request, response) => {
        callbacks.push({ signature: request.get('X-Twilio-Signature'), parameters: request.body });
        response.status(204).end();
      }),
    );
    const statusCallbackUrl = `${origin}/v1/hooks/twilio/status?city=攀枝花&a=b%20c`;
    const providerId = await adapter({ statusCallbackUrl }).send(ending('0003'));
    await until('the last one is there', async () => callbacks.length === 2);
    const [sent, undelivered] = callbacks as [StatusCallback, StatusCallback];
    expect([sent, undelivered].map(({ parameters }) => receiptOf(parameters))).toEqual([
      { providerId, state: 'underWay' },
      { providerId, state: 'undelivered', failure: '30005' },
    ]);
    for (const callback of callbacks) expect(isFromTwilio(callback, statusCallbackUrl, account.authToken)).toBe(true);
    const { parameters, signature } = sent;
    const forged: [StatusCallback, string, string][] = [
      [{ parameters: { ...parameters, MessageStatus: 'delivered' }, signature }, statusCallbackUrl, account.authToken],
      [{ parameters: { ...parameters, ErrorCode: '0' }, signature }, statusCallbackUrl, account.authToken],
      [{ parameters, signature: undefined }, statusCallbackUrl, account.authToken],
      [{ parameters, signature: undelivered.signature }, statusCallbackUrl, account.authToken],
      [sent, `${origin}/elsewhere`, account.authToken],
      [sent, statusCallbackUrl, 'another token'],
    ];
    expect(forged.map((callback) => isFromTwilio(...callback))).toEqual(forged.map(() => false));
  });

  it('that is about something else says nothing', () => {
    const parameters = [
      {},
      { MessageSid: 'SM1' },
      { MessageSid: ['SM1', 'SM2'], MessageStatus: 'sent' },
      { MessageSid: '', MessageStatus: 'sent' },
    ];
    expect(parameters.map(receiptOf)).toEqual([null, null, null, null]);
  });
});
