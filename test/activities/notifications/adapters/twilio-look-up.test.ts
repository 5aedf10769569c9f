import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ProviderUnavailable,
  type SmsProvider,
  type Taken,
} from '../../../../activities/notifications/adapters/provider.ts';
import { ending, expectUnavailable, sms, startTwilio, type TwilioServer } from '../../../harness/providers/twilio.ts';
import { until } from '../../../harness/until.ts';

const longAgo = '2020-01-01T00:00:00.000Z';
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

let twilio: TwilioServer;
beforeEach(async () => {
  twilio = await startTwilio();
});
afterEach(() => twilio.stop());

describe('a notification arrives once', () => {
  /** As a retry does: finds out first whether the attempt before went out. */
  async function sendUntilTaken(adapter: SmsProvider): Promise<string> {
    const since = new Date().toISOString();
    for (let attempt = 1; attempt <= 5; attempt++) {
      try {
        const lookedUp = attempt > 1 ? await adapter.lookUp(sms, since) : null;
        return lookedUp?.providerId ?? (await adapter.send(sms));
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
    if (Object.keys(fault).length > 0) await twilio.plan(fault);
    const sid = await sendUntilTaken(twilio.adapter());
    expect(await twilio.taken()).toMatchObject([{ id: sid, to: sms.address, body: sms.body }]);
  });

  it('although it was taken only after its sender had given up', async () => {
    await twilio.plan({ delayMs: 2000 });
    const since = new Date().toISOString();
    await expectUnavailable(twilio.adapter({ timeoutMs: 100 }).send(sms), 'ECONNABORTED', 'uncertain');
    expect(await twilio.adapter().lookUp(sms, since)).toBeNull();
    await until('it is taken', async () => (await twilio.adapter().lookUp(sms, since)) !== null);
    expect(await twilio.taken()).toHaveLength(1);
  });

  it('although Twilio fails for long', async () => {
    await twilio.plan({ status: 500, times: 1000 });
    for (let i = 0; i < 20; i++) {
      await expectUnavailable(twilio.adapter().send(sms), 'Twilio 20500', 'uncertain');
      await expectUnavailable(twilio.adapter().lookUp(sms, longAgo), 'Twilio 20500', 'uncertain');
    }
    await twilio.plan();
    await sendUntilTaken(twilio.adapter());
    expect(await twilio.taken()).toHaveLength(1);
  });
});

describe('looking a notification up', () => {
  const becomes = (notification: typeof sms, expected: Taken) =>
    until(`it is ${expected.state}`, async () => {
      const lookedUp = await twilio.adapter().lookUp(notification, longAgo);
      return (
        lookedUp?.state === expected.state &&
        lookedUp.providerId === expected.providerId &&
        lookedUp.failure === expected.failure
      );
    });

  it('tells how far it is', async () => {
    expect(await twilio.adapter().lookUp(sms, longAgo)).toBeNull();
    const providerId = await twilio.adapter().send(sms);
    await becomes(sms, { providerId, state: 'delivered' });
    const undelivered = await twilio.adapter().send(ending('0003'));
    await becomes(ending('0003'), { providerId: undelivered, state: 'undelivered', failure: '30005' });
    const staying = await twilio.adapter().send(ending('0004'));
    expect(await twilio.adapter().lookUp(ending('0004'), longAgo)).toEqual({ providerId: staying, state: 'underWay' });
  });

  it('takes no other for it', async () => {
    await twilio.tookEarlier([
      { id: 'SM1', at: secondsAgo(20), body: sms.body },
      { id: 'SM2', at: secondsAgo(10), body: sms.body },
    ]);
    expect(await twilio.adapter().lookUp(sms, secondsAgo(25))).toMatchObject({ providerId: 'SM1' });
    expect(await twilio.adapter().lookUp(sms, secondsAgo(15))).toMatchObject({ providerId: 'SM2' });
    expect(await twilio.adapter().lookUp(sms, secondsAgo(0))).toBeNull();
    expect(await twilio.adapter().lookUp({ ...sms, body: `${sms.body} ` }, longAgo)).toBeNull();
    expect(await twilio.adapter().lookUp({ ...sms, address: '+8613800138001' }, longAgo)).toBeNull();
  });

  it('finds it among thousands, sent before or not sent yet', async () => {
    const others = Array.from({ length: 2100 }, (_, i) => ({ id: `SM${i + 1}`, at: secondsAgo(60), body: '其他' }));
    await twilio.tookEarlier([{ id: 'SM0', at: secondsAgo(3600), body: '很久以前' }, ...others]);
    expect(await twilio.adapter().lookUp({ ...sms, body: '很久以前' }, longAgo)).toMatchObject({ providerId: 'SM0' });
    const since = secondsAgo(0);
    const queued = await twilio.adapter().send(sms);
    expect(await twilio.adapter().lookUp(sms, since)).toMatchObject({ providerId: queued });
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
    const adapter = await twilio.adapterTo((_, response) => void response.writeHead(status).end(body));
    await expectUnavailable(adapter.lookUp(sms, longAgo), reason);
  });
});
