import { randomInt, randomUUID } from 'node:crypto';
import express, { type Response, Router } from 'express';
import { addDays, isIsoDate, shanghaiDate, shanghaiMinute } from '../../domain/dates.ts';
import { type AliyunAccount, createSignatureCheck } from './aliyun-signature.ts';
import { answerUnless, type Fault, type Faults, getsThrough } from './faults.ts';
import { fateOf } from './numbers.ts';
import type { Outbox, SmsOf } from './outbox.ts';

const VERSION = '2017-05-25';

type Parameters = Record<string, string | undefined>;
type Answer = { Code: string; Message: string } & Record<string, unknown>;

/**
 * Stands in for Alibaba Cloud SMS (阿里云短信服务): SendSms and QuerySendDetails of
 * https://help.aliyun.com/document_detail/419273.html and 419277.html, to one number at a time, for one account. It
 * approves any signature (签名) and any template whose code starts with SMS_. numbers.ts has the numbers that fail.
 */
export function aliyunRouter(account: AliyunAccount, outbox: Outbox, faults: Faults): Router {
  const actions: Record<string, (parameters: Parameters) => Answer> = {
    SendSms: (parameters) => sendSms(parameters, outbox),
    QuerySendDetails: (parameters) => querySendDetails(parameters, outbox),
  };
  const rejectionOf = createSignatureCheck(account);
  const router = Router();
  router.post('/', express.raw({ type: () => true }), async (request, response) => {
    const { method, originalUrl: url, headers, body = Buffer.alloc(0) } = request;
    const rejected = rejectionOf({ method, url, headers, body });
    if (rejected) return problem(response, ...rejected);
    const action = actions[String(headers['x-acs-action'])];
    if (!action) return problem(response, 404, 'InvalidAction.NotFound', 'Specified api is not found.');
    if (headers['x-acs-version'] !== VERSION) {
      return problem(response, 400, 'InvalidVersion', 'Specified parameter Version is not valid.');
    }
    const fault = faults.next();
    if (!(await getsThrough(fault, request, response, (status) => refuse(response, status, fault)))) return;
    const answer = action(request.query as Parameters);
    answerUnless(fault, response, () => response.json({ RequestId: requestId(), ...answer }));
  });
  return router;
}

const requestId = () => randomUUID().toUpperCase();

/** The gateway's error document. */
function problem(response: Response, status: number, Code: string, Message: string): void {
  response.status(status).json({ RequestId: requestId(), HostId: 'dysmsapi.aliyuncs.com', Code, Message });
}

/** Refuses in Alibaba's form, which gives the time to wait in a header of its own, in milliseconds. */
function refuse(response: Response, status: 429 | 500, fault?: Fault): void {
  if (fault?.retryAfter !== undefined) response.set('x-acs-retry-after', String(fault.retryAfter * 1000));
  if (status === 429) problem(response, status, 'Throttling.User', 'Request was denied due to user flow control.');
  else problem(response, status, 'InternalError', 'The request processing has failed due to some unknown error.');
}

function sendSms(parameters: Parameters, outbox: Outbox): Answer {
  const { PhoneNumbers, SignName, TemplateCode = '', TemplateParam = '{}', OutId = '' } = parameters;
  const to = e164(PhoneNumbers);
  const fate = to && fateOf(to);
  if (!to || fate === 'illegal') return no('isv.MOBILE_NUMBER_ILLEGAL', `${PhoneNumbers}无效号码`);
  if (!SignName) return no('isv.SMS_SIGNATURE_ILLEGAL', '该账号下找不到对应签名');
  if (!TemplateCode.startsWith('SMS_')) return no('isv.SMS_TEMPLATE_ILLEGAL', '该账号下找不到对应模板');
  const values = stringsOf(TemplateParam);
  if (!values) return no('isv.INVALID_JSON_PARAM', '参数格式错误，请修改为字符串值');
  if (fate === 'unsubscribed') return no('isv.CUSTOMER_REFUSED', '用户已退订');

  const id = `${randomInt(1e14, 2e14)}^0`;
  const filledIn = Object.entries(values).map(([name, value]) => `${name}：${value}`);
  const body = `【${SignName}】${TemplateCode}\n${filledIn.join('\n')}`;
  const at = new Date().toISOString();
  const kinds = { kind: 'sms', provider: 'aliyun' } as const;
  outbox.add({ ...kinds, id, at, from: SignName, to, body, outId: OutId, templateCode: TemplateCode });
  return { Code: 'OK', Message: 'OK', BizId: id };
}

/** A page of what was sent to a number on a Shanghai date, newest first. */
function querySendDetails(parameters: Parameters, outbox: Outbox): Answer {
  const { PhoneNumber, BizId, SendDate = '', PageSize, CurrentPage } = parameters;
  const to = e164(PhoneNumber);
  const day = SendDate.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  const [size, page] = [Number(PageSize), Number(CurrentPage)];
  const oldest = addDays(shanghaiDate(new Date().toISOString()), -30);
  if (!to || !isIsoDate(day) || day < oldest || !(size >= 1 && size <= 50) || !(page >= 1)) {
    return no('isv.INVALID_PARAMETERS', '参数格式不正确');
  }
  const matching = outbox
    .smsOf('aliyun')
    .filter((sms) => sms.to === to && shanghaiDate(sms.at) === day && (!BizId || sms.id === BizId));
  const SmsSendDetailDTO = matching.slice((page - 1) * size, page * size).map(detailOf);
  return { Code: 'OK', Message: 'OK', TotalCount: matching.length, SmsSendDetailDTOs: { SmsSendDetailDTO } };
}

function detailOf({ at, to, body, outId, templateCode }: SmsOf<'aliyun'>) {
  const fate = fateOf(to);
  const time = `${shanghaiMinute(at)}:${at.slice(17, 19)}`;
  const receipts = {
    underWay: { SendStatus: 1 },
    undelivered: { SendStatus: 2, ErrCode: 'MOBILE_NOT_ON_SERVICE', ReceiveDate: time },
    delivered: { SendStatus: 3, ErrCode: 'DELIVERED', ReceiveDate: time },
  };
  const receipt = receipts[fate as keyof typeof receipts];
  const PhoneNum = to.replace(/^\+(86)?/, '');
  return { PhoneNum, ...receipt, SendDate: time, OutId: outId, TemplateCode: templateCode, Content: body };
}

const no = (Code: string, Message: string): Answer => ({ Code, Message });

/**
 * The E.164 form of a number as Alibaba takes it: in mainland China eleven digits, with or without a prefix; elsewhere
 * country code and number.
 */
function e164(number = ''): string | undefined {
  const mainland = /^(?:\+|\+86|0086|86)?(1\d{10})$/.exec(number)?.[1];
  if (mainland) return `+86${mainland}`;
  return /^[1-9]\d{6,14}$/.test(number) ? `+${number}` : undefined;
}

/** The values of a JSON object that holds strings only. */
function stringsOf(json: string): Record<string, string> | undefined {
  try {
    const values: Record<string, string> = JSON.parse(json);
    return Object.values(values).every((value) => typeof value === 'string') ? values : undefined;
  } catch {
    return undefined;
  }
}
