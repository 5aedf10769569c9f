import type { Request, Response } from 'express';
import type { SmsOf } from './outbox.ts';
import { stateOf } from './twilio-course.ts';

// The documents have the form of Twilio's OpenAPI description, version 2.6.7 (2026-04-14):
// https://github.com/twilio/twilio-oai

const VERSION = '2010-04-01';

/** The published sizes of a page. */
const PAGE_SIZE = { usual: 50, most: 1000 };

export interface Answer {
  status: number;
  body: object;
}

export function send(response: Response, { status, body }: Answer): void {
  response.status(status).json(body);
}

/** Twilio's error document. */
export function problem(status: number, code: number, message: string): Answer {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}

/** A message with all its published fields. */
export function messageResource(accountSid: string, message: SmsOf<'twilio'>) {
  const uri = `/${VERSION}/Accounts/${accountSid}/Messages/${message.id}`;
  const { status, error, sentAt, updatedAt } = stateOf(message);
  return {
    account_sid: accountSid,
    api_version: VERSION,
    body: message.body,
    date_created: rfc2822(Date.parse(message.at)),
    date_sent: sentAt === null ? null : rfc2822(sentAt),
    date_updated: rfc2822(updatedAt),
    direction: 'outbound-api',
    error_code: error?.code ?? null,
    error_message: error?.message ?? null,
    from: message.from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: String(segments(message.body)),
    price: null,
    price_unit: 'USD',
    sid: message.id,
    status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

/**
 * A page of the messages that the query (To, From, DateSent, `DateSent<`, `DateSent>`) asks for, last sent first. It
 * isn't published where Twilio puts messages that haven't been sent yet. Here they come last, which is the hardest case
 * for whoever looks for one.
 */
export function messageList(request: Request, accountSid: string, messages: SmsOf<'twilio'>[]) {
  const { Page, PageToken = '', ...query } = request.query as Record<string, string | undefined>;
  const matching = messages
    .filter((message) => fits(message, query))
    .sort((a, b) => (stateOf(b).sentAt ?? 0) - (stateOf(a).sentAt ?? 0));
  const size = Math.min(Number(query.PageSize ?? PAGE_SIZE.usual), PAGE_SIZE.most);
  const marked = matching.findIndex(({ id }) => id === PageToken.slice(2));
  // The token is PA and the last message of the page before, or PB and the first of the page after. `Page` only counts.
  const start = PageToken.startsWith('PB') ? Math.max(0, marked - size) : marked + 1;
  const items = matching.slice(start, start + size);
  const page = Number(Page ?? 0);
  const uriOf = (index: number, token?: string) => {
    const place = { Page: String(index), ...(token && { PageToken: token }) };
    return `${request.path}?${new URLSearchParams({ ...(query as Record<string, string>), PageSize: String(size), ...place })}`;
  };
  return {
    messages: items.map((message) => messageResource(accountSid, message)),
    page,
    page_size: size,
    start,
    end: start + Math.max(0, items.length - 1),
    uri: uriOf(page, PageToken),
    first_page_uri: uriOf(0),
    previous_page_uri: start > 0 ? uriOf(page - 1, `PB${items[0]?.id}`) : null,
    next_page_uri: start + size < matching.length ? uriOf(page + 1, `PA${items.at(-1)?.id}`) : null,
  };
}

function fits(message: SmsOf<'twilio'>, query: Record<string, string | undefined>): boolean {
  const { To, From, DateSent, 'DateSent<': until, 'DateSent>': since } = query;
  if ((To && message.to !== To) || (From && message.from !== From)) return false;
  const { sentAt } = stateOf(message);
  if (sentAt === null) return !(DateSent || until || since);
  const day = (instant: number) => new Date(instant).toISOString().slice(0, 10);
  if (DateSent && day(sentAt) !== day(Date.parse(DateSent))) return false;
  return !(until && sentAt > Date.parse(until)) && !(since && sentAt < Date.parse(since));
}

/**
 * In how many segments a 短信 is sent: up to 70 Chinese or 160 Latin characters are a single one; longer texts are split
 * into slightly shorter ones.
 */
function segments(body: string): number {
  const latin = /^[\n\r\x20-\x7e]*$/.test(body);
  const [alone, joined] = latin ? [160, 153] : [70, 67];
  return body.length <= alone ? 1 : Math.ceil(body.length / joined);
}

function rfc2822(instant: number): string {
  return new Date(instant).toUTCString().replace('GMT', '+0000');
}
