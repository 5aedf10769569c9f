import type { Request, Response } from 'express';
import type { OutboxMessage } from './outbox.ts';

const VERSION = '2010-04-01';

/** Twilio's error document. */
export function problem(response: Response, status: number, code: number, message: string): void {
  response.status(status).json({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });
}

/** The published fields of a message; a queued one has not been sent yet. */
export function messageResource(accountSid: string, message: OutboxMessage, status: 'queued' | 'sent') {
  const uri = `/${VERSION}/Accounts/${accountSid}/Messages/${message.id}`;
  const date = rfc2822(message.at);
  return {
    account_sid: accountSid,
    api_version: VERSION,
    body: message.body,
    date_created: date,
    date_sent: status === 'sent' ? date : null,
    date_updated: date,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
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

/** One page of the messages that the query (To, DateSent, `DateSent<`, `DateSent>`) asks for, newest first. */
export function messageList(request: Request, accountSid: string, messages: OutboxMessage[]) {
  const query = request.query as Record<string, string | undefined>;
  const day = (instant: string) => instant.slice(0, 10);
  const found = messages.filter(({ to, at }) => {
    if (query.To && to !== query.To) return false;
    if (query.DateSent && day(at) !== day(query.DateSent)) return false;
    if (query['DateSent<'] && Date.parse(at) > Date.parse(query['DateSent<'])) return false;
    return !(query['DateSent>'] && Date.parse(at) < Date.parse(query['DateSent>']));
  });
  const page = Number(query.Page ?? 0);
  const size = Number(query.PageSize ?? 50);
  const start = page * size;
  const items = found.slice(start, start + size);
  const uriOf = (n: number) => {
    const parameters = new URLSearchParams({ ...(query as Record<string, string>), Page: String(n) });
    return `${request.path}?${parameters}`;
  };
  return {
    messages: items.map((message) => messageResource(accountSid, message, 'sent')),
    page,
    page_size: size,
    start,
    end: start + Math.max(0, items.length - 1),
    uri: uriOf(page),
    first_page_uri: uriOf(0),
    previous_page_uri: page > 0 ? uriOf(page - 1) : null,
    next_page_uri: start + size < found.length ? uriOf(page + 1) : null,
  };
}

/** A 短信 of up to 70 Chinese or 160 Latin characters is one segment; longer ones are joined from slightly shorter parts. */
function segments(body: string): number {
  const latin = /^[\n\r\x20-\x7e]*$/.test(body);
  const [alone, joined] = latin ? [160, 153] : [70, 67];
  return body.length <= alone ? 1 : Math.ceil(body.length / joined);
}

function rfc2822(instant: string): string {
  return new Date(instant).toUTCString().replace('GMT', '+0000');
}
