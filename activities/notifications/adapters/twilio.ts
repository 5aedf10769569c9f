import twilio from 'twilio';
import { z } from 'zod';
import type { Clock } from '../../../domain/dates.ts';
import { takenByTwilio } from '../../../domain/notifications/receipts.ts';
import { askJson } from '../../ask-json.ts';
import { neverSent, retryAfterMs } from './http.ts';
import { NotificationRefused, ProviderUnavailable, type SmsProvider } from './provider.ts';

/** Shorter than the worker's grace period, so that a notification under way at shutdown is finished and recorded. */
const TIMEOUT_MS = 10_000;

/** The most that Twilio puts on a page. */
const PAGE_SIZE = 1000;

/** Twilio's dates have whole seconds. */
const DATE_PRECISION_MS = 1000;

export interface TwilioSettings {
  accountSid: string;
  authToken: string;
  from: string;
  now: Clock;
  /** Public address to which Twilio tells what becomes of each notification; undefined and it tells nothing. */
  statusCallbackUrl?: string | undefined;
  /** Origin of a server that stands in for Twilio's; undefined for Twilio itself. */
  baseUrl?: string | undefined;
  /** For an answer; ten seconds unless given. */
  timeoutMs?: number | undefined;
}

/**
 * 短信 through Twilio's Messages resource.
 *
 * Twilio has no place for an id of ours, so `lookUp` recognises a notification by its recipient, its exact text and its
 * time, and takes the oldest that fits. Some cases remain in which it is mistaken:
 * - Of two notifications of the same text to the same number, one that was never taken is mistaken for the other, if
 * that was dispatched after the first one's `since`, or in the same second. The person then gets the text once instead
 * of twice.
 * - A notification that Twilio is only just taking isn't seen yet.
 * - Nor is one while our clock is more than a second ahead of Twilio's, or where the account changes or hides texts
 * (trial accounts, redaction).
 */
export function createTwilio(settings: TwilioSettings): SmsProvider {
  const { accountSid, authToken, from, statusCallbackUrl: statusCallback } = settings;
  const client = twilio(accountSid, authToken, { httpClient: new TwilioHttp(settings) });
  return {
    async send({ address, body }) {
      const { sid } = await client.messages.create({
        to: address,
        from,
        body,
        ...(statusCallback && { statusCallback }),
      });
      return sid;
    },
    async lookUp({ address, body }, since) {
      const earliest = Date.parse(since) - DATE_PRECISION_MS;
      const [oldest] = (await messagesTo(client, address))
        .filter(({ to, body: text, dateCreated }) => {
          return to === address && text === body && dateCreated.getTime() >= earliest;
        })
        .sort((a, b) => a.dateCreated.getTime() - b.dateCreated.getTime());
      return oldest ? takenByTwilio(oldest) : null;
    },
  };
}

/**
 * All that Twilio still has of what a number was sent, mostly one page. Twilio filters and sorts by the date of
 * sending, which a queued notification doesn't have yet, so neither may end the search.
 */
async function messagesTo(client: ReturnType<typeof twilio>, to: string) {
  const listed = await client.messages.list({ to, pageSize: PAGE_SIZE });
  if (listed.length <= PAGE_SIZE) return listed;
  // One that was sent while the later pages were read has moved to the first.
  return [...(await client.messages.list({ to, pageSize: PAGE_SIZE, limit: PAGE_SIZE })), ...listed];
}

type RequestOptions = Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0];

interface Answer {
  statusCode: number;
  headers: unknown;
  body: unknown;
}

/**
 * Asks over HTTP in the place of the library's own client, which takes two or three times as long: can be pointed at a
 * stand-in, and passes on only answers that make sense.
 */
class TwilioHttp extends twilio.RequestClient {
  readonly #origin: string | undefined;
  readonly #now: Clock;
  readonly #timeoutMs: number;

  constructor({ baseUrl, now, timeoutMs = TIMEOUT_MS }: TwilioSettings) {
    super();
    this.#origin = baseUrl;
    this.#now = now;
    this.#timeoutMs = timeoutMs;
  }

  override async request<Body>(options: RequestOptions) {
    const answer = await this.#ask(options).catch((error) => {
      throw noAnswer(error);
    });
    if (answer.statusCode < 200 || answer.statusCode >= 300) throw meaning(answer, options.method, this.#now);
    const schema = options.method === 'post' ? messageSchema : pageSchema;
    if (!schema.safeParse(answer.body).success) throw new ProviderUnavailable('unexpected answer');
    return answer as Answer & { body: Body };
  }

  async #ask({ method, uri, username, password, headers, params, data }: RequestOptions): Promise<Answer> {
    const { origin, pathname, search } = new URL(uri);
    const url = new URL(pathname + search, this.#origin ?? origin);
    for (const [name, value] of Object.entries(params ?? {})) url.searchParams.append(name, value);
    return askJson(url, {
      method: method === 'post' ? 'POST' : 'GET',
      headers: { ...headers, authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
      body: data === undefined ? null : new URLSearchParams(data as Record<string, string>).toString(),
      timeoutMs: this.#timeoutMs,
    });
  }
}

const sid = z.string().min(1);
const date = z.string().refine((text) => !Number.isNaN(Date.parse(text)));

const messageSchema = z.object({ sid });

/** The library takes other things for an empty list, too, which would have notifications sent again. */
const pageSchema = z.object({ messages: z.array(z.object({ sid, status: z.string(), date_created: date })) });

/** What the error says may quote the request. The code of a time-out is a number, as with all that is aborted. */
function noAnswer({ code = 'no answer' }: { code?: string | number }): ProviderUnavailable {
  if (typeof code === 'number') return new ProviderUnavailable('ECONNABORTED');
  return new ProviderUnavailable(code, { uncertain: !neverSent.includes(code) });
}

/**
 * Twilio's codes for what the operator has to mend, and not the recipient: a region without permission; a sender that
 * is missing, isn't ours, can't send or has too much queued; a trial account; a wrong address for callbacks.
 */
const ourErrors = [21212, 21408, 21601, 21603, 21606, 21608, 21609, 21611, 21659, 21660, 21661];

const problemSchema = z.object({ code: z.number() });

/**
 * What an answer of Twilio's means that isn't a success. With status 400 and a code of its own it is about the
 * notification: 21211 and 21614 a number that is none or gets no 短信, 21612 one that can't be reached, 21610 one that
 * has unsubscribed, 21602 and 21617 a text that is missing or too long … Twilio's words quote numbers, so only the code
 * is passed on.
 */
function meaning({ statusCode, headers, body }: Answer, method: string, now: Clock): Error {
  const code = problemSchema.safeParse(body).data?.code;
  const reason = code === undefined ? `HTTP ${statusCode}` : `Twilio ${code}`;
  const ours = code !== undefined && ourErrors.includes(code);
  if (method === 'post' && statusCode === 400 && code !== undefined && !ours) return new NotificationRefused(reason);
  return new ProviderUnavailable(reason, {
    retryAfterMs: retryAfterMs((headers as Record<string, string> | undefined)?.['retry-after'], now),
    // A 4xx says that nothing was taken, where Twilio itself says it or nobody who would pass the notification on.
    uncertain: statusCode >= 500 || (code === undefined && ![401, 403, 429].includes(statusCode)),
  });
}
