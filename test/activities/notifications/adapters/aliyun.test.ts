import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Addressed,
  NotificationRefused,
  ProviderUnavailable,
  type SmsProvider,
} from '../../../../activities/notifications/adapters/provider.ts';
import { addDays, shanghaiDate, shanghaiInstant } from '../../../../domain/dates.ts';
import { type AliyunServer, notification, startAliyun } from '../../../harness/providers/aliyun.ts';
import { until } from '../../../harness/until.ts';

const today = () => shanghaiDate(new Date().toISOString());
const minuteAgo = () => new Date(Date.now() - 60_000).toISOString();

let aliyun: AliyunServer;
beforeEach(async () => {
  aliyun = await startAliyun();
});
afterEach(() => aliyun.stop());

const lookUp = (adapter: SmsProvider, sms: Addressed = notification) => adapter.lookUp(sms, minuteAgo());

/** What was thrown; it tells nobody's number, and takes nothing along that would. */
async function errorOf(request: Promise<unknown>) {
  const error = await request.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('Nothing was thrown.');
  expect(`${error.message} ${error.stack} ${error.cause}`).not.toContain('13800138');
  return error;
}

async function expectUnavailable(request: Promise<unknown>, reason: string, uncertain: boolean, retryAfterMs?: number) {
  const error = await errorOf(request);
  expect(error).toBeInstanceOf(ProviderUnavailable);
  const { message, ...rest } = error as ProviderUnavailable;
  expect({ message, ...rest }).toMatchObject({ message: reason, uncertain });
  expect((error as ProviderUnavailable).retryAfterMs).toBe(retryAfterMs);
}

async function expectRefused(request: Promise<unknown>, reason: string) {
  const error = await errorOf(request);
  expect(error).toBeInstanceOf(NotificationRefused);
  expect(error.message).toBe(reason);
}

/** An adapter whose counterpart always answers like this. */
async function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  let requests = 0;
  const endpoint = await aliyun.serve((_, response: ServerResponse) => {
    requests += 1;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  return { adapter: aliyun.adapter({ endpoint }), requests: () => requests };
}

describe('sending', () => {
  it('hands template and parameters over, signed, with the id as OutId', async () => {
    const providerId = await aliyun.adapter().send(notification);
    expect(providerId).toMatch(/^\d+\^0$/);
    expect(await aliyun.taken()).toMatchObject([
      {
        kind: 'sms',
        provider: 'aliyun',
        id: providerId,
        from: '攀枝花医保',
        to: '+8613800138000',
        outId: notification.id,
        templateCode: 'SMS_154950909',
        body: expect.stringContaining("result：通过 (100%) + 可用*~'!"),
      },
    ]);
  });

  it('writes numbers as Alibaba has them', async () => {
    const numbers: string[] = [];
    const endpoint = await aliyun.serve((request, response) => {
      numbers.push(new URL(request.url ?? '', 'http://x').searchParams.get('PhoneNumbers') ?? '');
      response.end('{"Code":"OK","Message":"OK"}');
    });
    for (const address of ['+8613800138000', '+85290000000', '+862888888888']) {
      expect(await aliyun.adapter({ endpoint }).send({ ...notification, address })).toBe(notification.id);
    }
    expect(numbers).toEqual(['13800138000', '85290000000', '862888888888']);
  });

  it('refuses what has no template', async () => {
    await expectRefused(aliyun.adapter().send({ ...notification, template: null }), 'no template');
  });

  it('leaves wrong keys and a missing signature to the operator', async () => {
    const wrong: [object, string][] = [
      [{ accessKeySecret: 'wrong' }, 'Alibaba SignatureDoesNotMatch'],
      [{ accessKeyId: 'LTAI1' }, 'Alibaba InvalidAccessKeyId.NotFound'],
      [{ signName: '' }, 'Alibaba isv.SMS_SIGNATURE_ILLEGAL'],
    ];
    for (const [settings, reason] of wrong) {
      await expectUnavailable(aliyun.adapter(settings).send(notification), reason, false);
    }
    expect(await aliyun.taken()).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['a number that is none', { address: '+8613800130001' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
    ['somebody who has unsubscribed', { address: '+8613800130002' }, 'isv.CUSTOMER_REFUSED'],
    ['an unknown template', { template: { code: 'TPL_1', parameters: {} } }, 'isv.SMS_TEMPLATE_ILLEGAL'],
    ['a parameter that is no text', { template: { code: 'SMS_1', parameters: { day: 1 } } }, 'isv.INVALID_JSON_PARAM'],
  ])('gives up a notification to %s', async (_, differing, code) => {
    await expectRefused(aliyun.adapter().send({ ...notification, ...differing }), `Alibaba ${code}`);
    expect(await aliyun.taken()).toEqual([]);
  });
});

describe('an answer', () => {
  const notificationErrors = [
    'isv.MOBILE_NUMBER_ILLEGAL',
    'isv.MOBILE_COUNT_OVER_LIMIT',
    'isv.BLACK_KEY_CONTROL_LIMIT',
    'isv.SMS_TEMPLATE_ILLEGAL',
    'isv.TEMPLATE_MISSING_PARAMETERS',
    'isv.TEMPLATE_PARAMS_ILLEGAL',
    'isv.PARAM_LENGTH_LIMIT',
    'isv.PARAM_NOT_SUPPORT_URL',
    'isv.INVALID_PARAMETERS',
    'isv.INVALID_JSON_PARAM',
    'isv.SMS_CONTENT_ILLEGAL',
    'isv.CUSTOMER_REFUSED',
    'isv.DOMESTIC_NUMBER_NOT_SUPPORTED',
    'NOT_SUPPORTED_COUNTRY',
  ];
  it.each(notificationErrors)('%s is about the notification', async (Code) => {
    const { adapter } = await answering(200, { Code, Message: '13800138000无效号码' });
    await expectRefused(adapter.send(notification), `Alibaba ${Code}`);
  });

  const operatorErrors = [
    'isv.AMOUNT_NOT_ENOUGH',
    'isv.OUT_OF_SERVICE',
    'isv.ACCOUNT_NOT_EXISTS',
    'isv.ACCOUNT_ABNORMAL',
    'isv.SMS_SIGNATURE_ILLEGAL',
    'isv.SMS_SIGN_ILLEGAL',
    'isv.SMS_SIGNATURE_SCENE_ILLEGAL',
    'isv.PRODUCT_UN_SUBSCRIPT',
    'isv.DENY_IP_RANGE',
    'isp.RAM_PERMISSION_DENY',
    'isv.SOMETHING_NEW',
  ];
  it.each(operatorErrors)("%s is the operator's to mend, and the notification was not taken", async (Code) => {
    const { adapter } = await answering(200, { Code, Message: '13800138000' });
    await expectUnavailable(adapter.send(notification), `Alibaba ${Code}`, false);
  });

  it.each([
    ['isv.BUSINESS_LIMIT_CONTROL', '触发分钟级流控Permits:1', 60_000],
    ['isv.BUSINESS_LIMIT_CONTROL', '触发小时级流控Permits:5', 3_600_000],
    ['isv.BUSINESS_LIMIT_CONTROL', '触发天级流控Permits:40', 3_600_000],
    ['isv.DAY_LIMIT_CONTROL', '触发日发送限额', 3_600_000],
    ['isv.MONTH_LIMIT_CONTROL', '触发月发送限额', 3_600_000],
    ['QPS_LIMIT_CONTROL', '到达系统QPS发送限制。', 60_000],
  ])('%s (%s) says when to come back', async (Code, Message, retryAfterMs) => {
    const { adapter } = await answering(200, { Code, Message });
    await expectUnavailable(adapter.send(notification), `Alibaba ${Code}`, false, retryAfterMs);
  });

  it.each<[string, number, unknown, string, boolean]>([
    ['isp.SYSTEM_ERROR', 200, { Code: 'isp.SYSTEM_ERROR' }, 'Alibaba isp.SYSTEM_ERROR', true],
    ['isp.GATEWAY_ERROR', 200, { Code: 'isp.GATEWAY_ERROR' }, 'Alibaba isp.GATEWAY_ERROR', true],
    ['an internal error', 500, { Code: 'InternalError', Message: '13800138000' }, 'HTTP 500', true],
    ['an unavailable service', 503, { Code: 'ServiceUnavailable' }, 'HTTP 503', true],
    ['a throttle in disguise', 503, { Code: 'Throttling' }, 'Alibaba Throttling', false],
    ['an old time stamp', 400, { Code: 'InvalidTimeStamp.Expired' }, 'Alibaba InvalidTimeStamp.Expired', false],
    ["a gateway's 403", 403, {}, 'HTTP 403', false],
    ["a gateway's page", 502, '<html>13800138000</html>', 'no usable answer', true],
    ['a page', 200, '<html>13800138000</html>', 'no usable answer', true],
    ['nothing', 200, '', 'no usable answer', true],
    ['null', 200, 'null', 'unexpected answer', true],
    ['null, and sorry', 500, 'null', 'no usable answer', true],
    ['a list', 200, '[]', 'unexpected answer', true],
    ['half an answer', 200, '{"Code":"O', 'no usable answer', true],
    ['no code', 200, { Message: 'OK' }, 'unexpected answer', true],
    ['a number for a code', 200, { Code: '13800138000' }, 'unexpected answer', true],
    ['a sentence for a code', 200, { Code: 'sent to 13800138000' }, 'unexpected answer', true],
    ['the way to elsewhere', 302, '', 'no usable answer', true],
  ])('is understood: %s', async (_, status, body, reason, uncertain) => {
    const { adapter, requests } = await answering(status, body, { location: aliyun.url() });
    await expectUnavailable(adapter.send(notification), reason, uncertain);
    expect(requests()).toBe(1);
  });
});

describe('a fault on the way', () => {
  it('cut before the notification was taken: nobody knows, and it was not', async () => {
    await aliyun.plan({ cut: 'before' });
    await expectUnavailable(aliyun.adapter().send(notification), 'ECONNRESET', true);
    expect(await lookUp(aliyun.adapter())).toBeNull();
  });

  it('cut after it was taken: it is found again, and nothing is sent twice', async () => {
    await aliyun.plan({ cut: 'after' });
    await expectUnavailable(aliyun.adapter().send(notification), 'ECONNRESET', true);
    expect(await lookUp(aliyun.adapter())).toEqual({ providerId: notification.id, state: 'delivered' });
    expect(await aliyun.taken()).toHaveLength(1);
  });

  it('cut in the middle of the answer', async () => {
    const endpoint = await aliyun.serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"Code":"OK"');
      setTimeout(() => response.destroy(), 20);
    });
    await expectUnavailable(aliyun.adapter({ endpoint }).send(notification), 'ECONNRESET', true);
  });

  it('every third connection cut after accepting', async () => {
    await aliyun.plan({ cut: 'after', every: 3, times: 2 });
    const outcomes: string[] = [];
    for (let i = 0; i < 9; i++) {
      const sent = aliyun.adapter().send({ ...notification, id: `notification-${i}` });
      outcomes.push(
        await sent.then(
          () => 'sent',
          ({ uncertain }) => (uncertain ? 'uncertain' : 'not sent'),
        ),
      );
    }
    const round = ['sent', 'sent', 'uncertain'];
    expect(outcomes).toEqual([...round, ...round, 'sent', 'sent', 'sent']);
    expect(await aliyun.taken()).toHaveLength(9);
  });

  it('10 s of silence: given up before, and found once it has been taken', async () => {
    await aliyun.plan({ delayMs: 10_000 });
    const from = performance.now();
    await expectUnavailable(aliyun.adapter().send(notification), 'no usable answer', true);
    const waited = performance.now() - from;
    // Not the library's own 3 s.
    expect(waited).toBeGreaterThan(3_900);
    expect(waited).toBeLessThan(9_000);
    await until('the notification is found', async () => (await lookUp(aliyun.adapter())) !== null);
    expect(await aliyun.taken()).toHaveLength(1);
  });

  it('429 with Retry-After: not taken, and come back then', async () => {
    await aliyun.plan({ status: 429, retryAfter: 7 });
    await expectUnavailable(aliyun.adapter().send(notification), 'Alibaba Throttling', false, 7_000);
    await aliyun.plan({ status: 429 });
    await expectUnavailable(aliyun.adapter().send(notification), 'Alibaba Throttling', false);
    expect(await aliyun.taken()).toEqual([]);
  });

  it('500s for as long as they last, without a try of its own', async () => {
    await aliyun.plan({ status: 500, times: 3 });
    for (let i = 0; i < 3; i++) await expectUnavailable(aliyun.adapter().send(notification), 'HTTP 500', true);
    await aliyun.adapter().send(notification);
    expect(await aliyun.taken()).toHaveLength(1);
  });

  it('garbage for an answer: nobody knows, and it was taken', async () => {
    await aliyun.plan({ garbage: true });
    await expectUnavailable(aliyun.adapter().send(notification), 'no usable answer', true);
    expect(await lookUp(aliyun.adapter())).toMatchObject({ state: 'delivered' });
  });

  it('nobody there: nothing was sent', async () => {
    const nobody = aliyun.adapter({ endpoint: 'http://127.0.0.1:1' });
    await expectUnavailable(nobody.send(notification), 'ECONNREFUSED', false);
    const nowhere = aliyun.adapter({ endpoint: 'http://sms.invalid' });
    const error = (await errorOf(nowhere.send(notification))) as ProviderUnavailable;
    expect([error.message, error.uncertain]).toEqual([expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/), false]);
  });
});

describe('looking up', () => {
  it.each<[string, object]>([
    ['+8613800138000', { state: 'delivered' }],
    ['+8613800130003', { state: 'undelivered', failure: 'MOBILE_NOT_ON_SERVICE' }],
    ['+8613800130004', { state: 'underWay' }],
    ['+85290000000', { state: 'delivered' }],
  ])('tells what became of a notification to %s', async (address, lookedUp) => {
    const sms = { ...notification, address };
    await aliyun.adapter().send(sms);
    expect(await lookUp(aliyun.adapter(), sms)).toEqual({ providerId: notification.id, ...lookedUp });
  });

  it("knows no notification of somebody else's, and no other one to the same number", async () => {
    await aliyun.adapter().send(notification);
    expect(await lookUp(aliyun.adapter(), { ...notification, address: '+8613800138001' })).toBeNull();
    expect(await lookUp(aliyun.adapter(), { ...notification, id: 'another' })).toBeNull();
  });

  it('turns pages until it has found it', async () => {
    const at = shanghaiInstant(today(), '00:00');
    await aliyun.tookEarlier(Array.from({ length: 101 }, (_, i) => ({ at, outId: `notification-${i}` })));
    for (const id of ['notification-100', 'notification-51', 'notification-50', 'notification-1', 'notification-0']) {
      expect(await aliyun.adapter().lookUp({ ...notification, id }, at)).toMatchObject({ providerId: id });
    }
    expect(await aliyun.adapter().lookUp({ ...notification, id: 'notification-101' }, at)).toBeNull();
  });

  it('finds what was sent before midnight', async () => {
    const at = shanghaiInstant(addDays(today(), -1), '23:59');
    await aliyun.tookEarlier([{ at, outId: notification.id }]);
    expect(await aliyun.adapter().lookUp(notification, at)).toMatchObject({ state: 'delivered' });
    expect(await aliyun.adapter().lookUp(notification, shanghaiInstant(today(), '00:00'))).toBeNull();
  });

  it('asks for the Shanghai dates of the attempt, however long ago it was made', async () => {
    let dates: string[] = [];
    const endpoint = await aliyun.serve((request, response) => {
      dates.push(new URL(request.url ?? '', 'http://x').searchParams.get('SendDate') ?? '');
      response.end('{"Code":"OK","Message":"OK","TotalCount":0,"SmsSendDetailDTOs":{"SmsSendDetailDTO":[]}}');
    });
    const attempts: [number, string, number[]][] = [
      [0, '00:00', [0]],
      [-1, '23:59', [-1, 0]],
      [-12, '12:00', [-12, -11]],
    ];
    for (const [daysAgo, time, days] of attempts) {
      dates = [];
      const since = shanghaiInstant(addDays(today(), daysAgo), time);
      expect(await aliyun.adapter({ endpoint }).lookUp(notification, since)).toBeNull();
      expect(dates).toEqual(days.map((day) => addDays(today(), day).replaceAll('-', '')));
    }
  });

  const details = (...SmsSendDetailDTO: unknown[]) => ({
    Code: 'OK',
    TotalCount: SmsSendDetailDTO.length,
    SmsSendDetailDTOs: { SmsSendDetailDTO },
  });
  it.each<[string, number, unknown, string]>([
    ['a failure', 500, { Code: 'InternalError' }, 'HTTP 500'],
    ['a page', 200, '<html></html>', 'no usable answer'],
    ['a refusal', 200, { Code: 'isv.INVALID_PARAMETERS' }, 'Alibaba isv.INVALID_PARAMETERS'],
    ['wrong keys', 404, { Code: 'InvalidAccessKeyId.NotFound' }, 'Alibaba InvalidAccessKeyId.NotFound'],
    ['a state that is none', 200, details({ OutId: notification.id, SendStatus: 7 }), 'unexpected answer'],
    ['no list', 200, { Code: 'OK', SmsSendDetailDTOs: { SmsSendDetailDTO: 'none' } }, 'no usable answer'],
  ])('learns nothing from %s', async (_, status, body, reason) => {
    const { adapter } = await answering(status, body);
    await expectUnavailable(lookUp(adapter), reason, true);
  });

  it('learns nothing where nobody is there, and waits as long as it is told', async () => {
    await expectUnavailable(lookUp(aliyun.adapter({ endpoint: 'http://127.0.0.1:1' })), 'ECONNREFUSED', true);
    await aliyun.plan({ status: 429, retryAfter: 3 });
    await expectUnavailable(lookUp(aliyun.adapter()), 'Alibaba Throttling', true, 3_000);
  });
});
