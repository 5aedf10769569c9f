import aliyun, { QuerySendDetailsRequest, SendSmsRequest } from '@alicloud/dysmsapi20170525';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import { addDays, type Clock, shanghaiDate } from '../../../domain/dates.ts';
import { meaningOf, refusalOf } from './aliyun-errors.ts';
import { NotificationRefused, ProviderUnavailable, type SmsProvider, type Taken } from './provider.ts';

/**
 * Milliseconds to connect (by the library's counting also of silence afterwards), and from then on for the whole
 * answer. Together they are shorter than the worker's grace period, so that a notification under way at shutdown is
 * finished and recorded.
 */
const timeouts = { connectTimeout: 4_000, readTimeout: 5_000 };

/** The most that QuerySendDetails gives at once. */
const PAGE_SIZE = 50;

/** SendStatus (https://help.aliyun.com/document_detail/419277.html): 等待回执, 发送失败, 发送成功. */
const states: Record<number, Taken['state']> = { 1: 'underWay', 2: 'undelivered', 3: 'delivered' };

export interface AliyunSettings {
  accessKeyId: string;
  accessKeySecret: string;
  /** The approved signature (签名) that opens every 短信. */
  signName: string;
  now: Clock;
  /** Origin of a server that stands in for Alibaba's; undefined for Alibaba itself, in mainland China. */
  endpoint?: string | undefined;
}

/**
 * 短信 through Alibaba Cloud (阿里云短信服务), which knows a notification by its approved template and sends no free text. A
 * notification's id goes along as OutId: Alibaba doesn't recognise a repeated notification, but it can be found again
 * by that.
 */
export function createAliyun({ signName, endpoint, now, ...keys }: AliyunSettings): SmsProvider {
  const { protocol, host } = new URL(endpoint ?? 'https://dysmsapi.aliyuncs.com');
  // Without retryOptions the library tries once.
  const config = { ...keys, ...timeouts, protocol: protocol.replace(':', ''), endpoint: host };
  const client = new aliyun.default(new $OpenApiUtil.Config(config));
  return {
    async send({ id, address, template }) {
      if (!template) throw new NotificationRefused('no template');
      const request = new SendSmsRequest({
        phoneNumbers: phoneNumber(address),
        signName,
        templateCode: template.code,
        templateParam: JSON.stringify(template.parameters),
        outId: id,
      });
      const { bizId } = await bodyOf(client.sendSms(request));
      return bizId || id;
    },

    async lookUp({ id, address }, since) {
      try {
        for (const day of daysOf(since, now())) {
          const taken = await find(client, { phoneNumber: phoneNumber(address), day, id });
          if (taken) return taken;
        }
        return null;
      } catch (error) {
        // Whatever was wrong with the question: about the notification nothing was learnt.
        const { message, retryAfterMs } = error as ProviderUnavailable;
        throw new ProviderUnavailable(message, { retryAfterMs });
      }
    },
  };
}

/**
 * Eleven digits in mainland China, country code and number elsewhere
 * (https://help.aliyun.com/document_detail/419273.html).
 */
const phoneNumber = (address: string) => address.replace(/^\+(86(?=1\d{10}$))?/, '');

/**
 * The Shanghai dates on which a notification that was dispatched at `since` may have been taken. A try is over within
 * seconds, but midnight may lie between.
 */
function daysOf(since: string, now: string): string[] {
  const date = shanghaiDate(since);
  return [date, addDays(date, 1)].filter((day) => day <= shanghaiDate(now));
}

/**
 * Looks through what was sent to a number on a day; the answer has no BizId, so the notification's own id stands for
 * it.
 */
async function find(
  client: InstanceType<typeof aliyun.default>,
  { phoneNumber, day, id }: { phoneNumber: string; day: string; id: string },
): Promise<Taken | undefined> {
  const sendDate = day.replaceAll('-', '');
  for (let currentPage = 1; ; currentPage++) {
    const request = new QuerySendDetailsRequest({ phoneNumber, sendDate, pageSize: PAGE_SIZE, currentPage });
    const { smsSendDetailDTOs, totalCount } = await bodyOf(client.querySendDetails(request));
    const details = smsSendDetailDTOs?.smsSendDetailDTO ?? [];
    const detail = details.find(({ outId }) => outId === id);
    if (detail) {
      const state = states[detail.sendStatus ?? 0];
      if (!state) throw new ProviderUnavailable('unexpected answer');
      return { providerId: id, state, ...(state === 'undelivered' ? { failure: detail.errCode } : {}) };
    }
    if (details.length === 0 || !(currentPage * PAGE_SIZE < Number(totalCount))) return undefined;
  }
}

/** @throws what any other answer than OK means */
async function bodyOf<Body extends { code?: string; message?: string }>(
  asked: Promise<{ body?: Body }>,
): Promise<Body> {
  const { body } = await asked.catch((error) => {
    throw meaningOf(error);
  });
  if (body?.code === 'OK') return body;
  throw refusalOf(body?.code, body?.message);
}
