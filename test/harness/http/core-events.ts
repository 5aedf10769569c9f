import { createHmac, randomUUID } from 'node:crypto';
import { type Grant, grantAccreditation } from '../../../store/accreditations/grant.ts';
import { grant } from '../database/store.ts';
import { newPerson } from '../people.ts';
import { Caller, type Reply } from './caller.ts';
import { dayFromNow } from './documents.ts';
import type { Http } from './open.ts';

const coreHook = '/v1/hooks/insurance-core';

/** That somebody moved away today. */
export const movedAway = (idNumber: string, changes: object = {}) => {
  return { eventId: randomUUID(), idNumber, event: 'movedAway', on: dayFromNow(0), ...changes };
};

/** How the insurance core tells of somebody, unless the test tells it otherwise. */
export interface Telling {
  /** Of the api that hears of it. */
  url?: string;
  secret?: string;
  /** Milliseconds since 1970. */
  signedAt?: number;
  headers?: Record<string, string>;
}

/**
 * The headers with which the insurance core signs what it tells unasked (`personChanged` of insurance-core.openapi.yaml).
 * @param body as it is sent
 * @param at milliseconds since 1970
 */
export function signedByCore(secret: string, body: string | Buffer, at: number): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
  return { 'content-type': 'application/json', 'x-timestamp': timestamp, 'x-signature': signature };
}

/** Tells what the insurance core would. @param event a body that isn't JSON is sent as it is */
export function tellAsCore(http: Http, event: object | string | Buffer, telling: Telling = {}): Promise<Reply> {
  const body = typeof event === 'string' || Buffer.isBuffer(event) ? event : JSON.stringify(event);
  const { url = http.url, secret = http.hookSecret, signedAt = Date.now() } = telling;
  const headers = { ...signedByCore(secret, body, signedAt), ...telling.headers };
  const bytes = typeof body === 'string' ? body : new Uint8Array(body);
  return new Caller(url, '', Promise.resolve(undefined)).send(coreHook, { method: 'POST', headers, body: bytes });
}

/** Somebody who holds accreditations that began on these days. */
export async function holderOf(http: Http, ...begunOn: string[]) {
  const person = newPerson();
  const supervisor = http.as('supervisor');
  const hold = async (day: string, changes: Partial<Grant> = {}) => {
    const granted = { ...grant(new Date().toISOString()), person, begunOn: day, validFrom: day, ...changes };
    return (await grantAccreditation(http.store, granted)).id;
  };
  const ids: string[] = [];
  for (const day of begunOn) ids.push(await hold(day));
  const shown = async (id: string) => (await supervisor.get(`/v1/accreditations/${id}`)).body;
  return {
    ids: ids as [string, ...string[]],
    hold,
    event: (changes: object = {}) => movedAway(person.idNumber, changes),
    statuses: async () => Promise.all(ids.map(async (id) => (await shown(id)).status)),
    revocations: async (id = ids[0] as string) =>
      (await shown(id)).timeline.filter(({ kind }) => kind === 'revoked').map(({ detail }) => detail.cause),
  };
}
