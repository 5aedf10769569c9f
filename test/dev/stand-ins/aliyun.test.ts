import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { signatureOf } from '../../../dev/stand-ins/aliyun-signature.ts';
import { type AliyunServer, keys, startAliyun } from '../../harness/providers/aliyun.ts';

let aliyun: AliyunServer;
beforeEach(async () => {
  aliyun = await startAliyun();
});
afterEach(() => aliyun.stop());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const sms = { PhoneNumbers: '13800138000', SignName: '攀枝花医保', TemplateCode: 'SMS_1', TemplateParam: '{"a":"b"}' };
const now = () => `${new Date().toISOString().slice(0, 19)}Z`;

interface Request {
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string;
}

/** A signed request by hand. */
function signed({ query = sms, headers = {}, body = '' }: Request = {}) {
  const url = `/?${new URLSearchParams(query)}`;
  const common: Record<string, string> = {
    'x-acs-action': 'SendSms',
    'x-acs-version': '2017-05-25',
    'x-acs-date': now(),
    'x-acs-signature-nonce': Math.random().toString(36),
    'x-acs-content-sha256': sha256(body),
    ...(body ? { 'content-type': 'text/plain' } : {}),
    ...headers,
  };
  const all = { host: new URL(aliyun.url()).host, ...common };
  const signature = signatureOf({ method: 'POST', url, headers: all, body: Buffer.from(body) }, keys.accessKeySecret);
  const names = Object.keys(all).sort().join(';');
  const authorization = `ACS3-HMAC-SHA256 Credential=${keys.accessKeyId},SignedHeaders=${names},Signature=${signature}`;
  const signedHeaders: Record<string, string> = { ...common, authorization };
  return { url, headers: signedHeaders, body };
}

async function post({ url, headers, body }: ReturnType<typeof signed>) {
  const response = await fetch(aliyun.url() + url, { method: 'POST', headers, ...(body ? { body } : {}) });
  const answer = (await response.json()) as Record<string, unknown>;
  return { status: response.status, ...answer };
}

describe('the signature', () => {
  it('is the one of the published example', () => {
    const example = {
      method: 'POST',
      url: '/?RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
      headers: {
        host: 'ecs.cn-shanghai.aliyuncs.com',
        'x-acs-action': 'RunInstances',
        'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        'x-acs-date': '2023-10-26T10:22:32Z',
        'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
        'x-acs-version': '2014-05-26',
        'user-agent': 'not signed',
      },
      body: Buffer.alloc(0),
    };
    expect(signatureOf(example, 'YourAccessKeySecret')).toBe(
      '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    );
  });

  it('lets a request in, with a body too', async () => {
    expect(await post(signed())).toMatchObject({ status: 200, Code: 'OK', BizId: expect.any(String) });
    expect(await post(signed({ body: 'something' }))).toMatchObject({ status: 200, Code: 'OK' });
  });

  it('keeps out what was changed on the way', async () => {
    const changed: [string, (request: ReturnType<typeof signed>) => void][] = [
      ['number', (request) => (request.url = request.url.replace('13800138000', '13800138009'))],
      ['parameter', (request) => (request.url += '&OutId=x')],
      ['action', (request) => (request.headers['x-acs-action'] = 'QuerySendDetails')],
      ['body', (request) => (request.body = 'another')],
    ];
    for (const [what, change] of changed) {
      const request = signed({ body: 'something' });
      change(request);
      expect([what, await post(request)]).toMatchObject([what, { status: 403, Code: 'SignatureDoesNotMatch' }]);
    }
    expect(await aliyun.taken()).toEqual([]);
  });

  it('holds once, for a quarter of an hour', async () => {
    const request = signed();
    expect(await post(request)).toMatchObject({ status: 200 });
    expect(await post(request)).toMatchObject({ status: 400, Code: 'SignatureNonceUsed' });
    for (const minutes of [-16, 16]) {
      const date = new Date(Date.now() + minutes * 60_000).toISOString();
      const stale = signed({ headers: { 'x-acs-date': date } });
      expect(await post(stale)).toMatchObject({ status: 400, Code: 'InvalidTimeStamp.Expired' });
    }
    const timeless = signed({ headers: { 'x-acs-date': 'yesterday' } });
    expect(await post(timeless)).toMatchObject({ status: 400, Code: 'InvalidTimeStamp.Expired' });
  });

  it('belongs to all headers that count, of a known key', async () => {
    const request = signed();
    const other = request.headers.authorization?.replace(keys.accessKeyId, 'LTAI9') ?? '';
    const headers = [
      [{ authorization: '' }, 400, 'IncompleteSignature'],
      [{ 'x-acs-more': 'unsigned' }, 400, 'IncompleteSignature'],
      [{ authorization: other }, 404, 'InvalidAccessKeyId.NotFound'],
    ] as const;
    for (const [differing, status, Code] of headers) {
      const changed = { ...request, headers: { ...request.headers, ...differing } };
      expect(await post(changed)).toMatchObject({ status, Code });
    }
  });
});

describe("Alibaba's stand-in", () => {
  it('knows two actions of one version', async () => {
    const unknown = signed({ headers: { 'x-acs-action': 'SendBatchSms' } });
    expect(await post(unknown)).toMatchObject({ status: 404, Code: 'InvalidAction.NotFound' });
    const older = signed({ headers: { 'x-acs-version': '2016-09-27' } });
    expect(await post(older)).toMatchObject({ status: 400, Code: 'InvalidVersion' });
  });

  it('takes numbers in every form that is documented, and keeps one', async () => {
    const forms = ['13800138000', '+13800138000', '+8613800138000', '008613800138000', '8613800138000', '85290000000'];
    for (const PhoneNumbers of forms)
      expect(await post(signed({ query: { ...sms, PhoneNumbers } }))).toMatchObject({ Code: 'OK' });
    const numbers = (await aliyun.taken()).map(({ to }) => to);
    expect(numbers).toEqual(['+85290000000', ...Array(5).fill('+8613800138000')]);
    for (const PhoneNumbers of ['', '123', '13800138000,13800138001', 'x'])
      expect(await post(signed({ query: { ...sms, PhoneNumbers } }))).toMatchObject({
        Code: 'isv.MOBILE_NUMBER_ILLEGAL',
      });
  });

  it('answers a question for details in the documented form, and no other question', async () => {
    await post(signed({ query: { ...sms, OutId: 'mine' } }));
    const SendDate = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
    const question = { PhoneNumber: '13800138000', SendDate, PageSize: '50', CurrentPage: '1' };
    const ask = (query: object) =>
      post(signed({ query: { ...question, ...query }, headers: { 'x-acs-action': 'QuerySendDetails' } }));
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(await ask({})).toMatchObject({
      status: 200,
      Code: 'OK',
      TotalCount: 1,
      SmsSendDetailDTOs: {
        SmsSendDetailDTO: [
          {
            PhoneNum: '13800138000',
            OutId: 'mine',
            SendStatus: 3,
            ErrCode: 'DELIVERED',
            SendDate: time,
            ReceiveDate: time,
            TemplateCode: 'SMS_1',
            Content: expect.stringContaining('【攀枝花医保】'),
          },
        ],
      },
    });
    expect(await ask({ BizId: 'another' })).toMatchObject({ Code: 'OK', TotalCount: 0 });
    for (const wrong of [
      { PageSize: '51' },
      { CurrentPage: '0' },
      { SendDate: '2026-01-01' },
      { SendDate: '20200101' },
    ]) {
      expect(await ask(wrong)).toMatchObject({ status: 200, Code: 'isv.INVALID_PARAMETERS' });
    }
  });

  it('shows on the page who took a notification', async () => {
    await post(signed());
    const page = await (await fetch(aliyun.url())).text();
    expect(page).toContain('短信 · 阿里云');
    expect(page).toContain('至 +8613800138000');
  });
});
