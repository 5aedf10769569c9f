import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { isFromTwilio, receiptOf, type StatusCallback } from '../../../../api/notifications/twilio-receipt.ts';
import { account } from '../../../../dev/stand-ins/account.ts';
import {
  ending,
  expectRefused,
  expectUnavailable,
  from,
  sms,
  startTwilio,
  type TwilioServer,
} from '../../../harness/providers/twilio.ts';
import { until } from '../../../harness/until.ts';

let twilio: TwilioServer;
beforeEach(async () => {
  twilio = await startTwilio();
});
afterEach(() => twilio.stop());

describe('dispatching a notification', () => {
  it('says what, to whom and whom to tell, and nothing else', async () => {
    const forms: object[] = [];
    const server = express().use(express.urlencoded({ extended: false }), ({ body }, response) => {
      forms.push({ ...body });
      response.status(201).json({ sid: 'SM1' });
    });
    const baseUrl = await twilio.serve(server);
    expect(await twilio.adapter({ baseUrl }).send(sms)).toBe('SM1');
    await twilio.adapter({ baseUrl, statusCallbackUrl: 'https://mente.example/status' }).send(sms);
    const form = { To: sms.address, From: from, Body: sms.body };
    expect(forms).toEqual([form, { ...form, StatusCallback: 'https://mente.example/status' }]);
  });

  it.each([
    ['a number that is none', ending('0001'), 21211],
    ['a number that has unsubscribed', ending('0002'), 21610],
    ['no text', { ...sms, body: '' }, 21602],
    ['too long a text', { ...sms, body: '字'.repeat(1601) }, 21617],
  ])('is refused for good: %s', async (_, notification, code) => {
    await expectRefused(twilio.adapter().send(notification), code);
    expect(await twilio.taken()).toEqual([]);
  });

  it.each([21211, 21610, 21612, 21614, 21602, 21617, 21635])(
    'takes %d for an answer about the notification',
    async (code) => {
      const adapter = await twilio.adapterTo((_, response) => {
        response.writeHead(400).end(JSON.stringify({ code, message: `not to ${sms.address}`, status: 400 }));
      });
      await expectRefused(adapter.send(sms), code);
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
  ])('takes %d %d for something that may pass, and the notification for not taken', async (status, code) => {
    const adapter = await twilio.adapterTo((_, response) => {
      response.writeHead(status).end(JSON.stringify({ code, message: `not from ${from}`, status }));
    });
    await expectUnavailable(adapter.send(sms), `Twilio ${code}`, 'certain');
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
    const adapter = await twilio.adapterTo((_, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:1' }).end(body);
    });
    await expectUnavailable(adapter.send(sms), reason, certainty);
  });

  it.each<[string, () => string, number | undefined]>([
    ['seconds', () => '7', 7_000],
    ['a date', () => new Date(Date.now() + 3_600_000).toUTCString(), 3_600_000],
    ['a date gone by', () => new Date(0).toUTCString(), undefined],
    ['no time', () => '0', undefined],
    ['nonsense', () => 'soon', undefined],
  ])('passes on how long to wait: %s', async (_, header, expected) => {
    for (const status of [429, 503]) {
      const adapter = await twilio.adapterTo(
        (_, response) => void response.writeHead(status, { 'retry-after': header() }).end(),
      );
      const { retryAfterMs } = await expectUnavailable(adapter.send(sms), `HTTP ${status}`);
      if (expected === undefined) expect(retryAfterMs).toBeUndefined();
      // The date has whole seconds, and some time has passed.
      else expect(Math.abs((retryAfterMs ?? 0) - expected)).toBeLessThan(expected / 10);
    }
  });

  it('knows that nothing was taken where nobody is there', async () => {
    await expectUnavailable(twilio.adapter({ baseUrl: 'http://127.0.0.1:1' }).send(sms), 'ECONNREFUSED', 'certain');
    await expectUnavailable(twilio.adapter({ authToken: 'wrong' }).send(sms), 'Twilio 20003', 'certain');
  });
});

describe('a status callback', () => {
  it('says what became of the notification, and proves that it is from Twilio', async () => {
    const callbacks: StatusCallback[] = [];
    const origin = await twilio.serve(
      express().use(express.urlencoded({ extended: false }), (request, response) => {
        callbacks.push({ signature: request.get('X-Twilio-Signature'), parameters: request.body });
        response.status(204).end();
      }),
    );
    const statusCallbackUrl = `${origin}/v1/hooks/twilio/status?city=攀枝花&a=b%20c`;
    const providerId = await twilio.adapter({ statusCallbackUrl }).send(ending('0003'));
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
