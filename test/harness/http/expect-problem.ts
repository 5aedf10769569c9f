import { expect } from '@jest/globals';
import type { Reply } from './caller.ts';

/** Expects a problem that isn't a fault of ours, short enough to be read. */
export function expectProblem(what: unknown, { status, headers, text, body }: Reply): void {
  expect({ what, status, text: text.slice(0, 200), ok: status >= 400 && status < 500 }).toMatchObject({ ok: true });
  expect([what, headers.get('content-type')]).toEqual([what, 'application/problem+json; charset=utf-8']);
  expect([what, body.status, typeof body.code, /\p{Script=Han}/u.test(body.detail)]).toEqual([
    what,
    status,
    'string',
    true,
  ]);
  expect([what, text.length < 20_000]).toEqual([what, true]);
  expect([what, headers.get('cache-control')]).toEqual([what, 'no-store']);
}
