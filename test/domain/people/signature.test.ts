import { expect, it } from '@jest/globals';
import { signingProblem } from '../../../domain/people/signature.ts';

/** In Shanghai 2026-11-24, 02:00. */
const now = '2026-11-23T18:00:00.000Z';

it.each([
  ['now', '2026-11-23T18:00:00Z', null],
  ['by a telephone whose clock is ahead', '2026-11-23T18:09:00Z', null],
  ['a quarter of an hour from now', '2026-11-23T18:15:00Z', 'inFuture'],
  ['tomorrow', '2026-11-25T00:00:00+08:00', 'inFuture'],
  ['in a year that is far away', '9999-12-31T23:59:59Z', 'inFuture'],
  ['on the first day that counts', '2026-10-25T00:00:00+08:00', null],
  ['the moment before it', '2026-10-24T23:59:59+08:00', 'tooOld'],
  ['that moment, as another time zone has it', '2026-10-24T15:59:59Z', 'tooOld'],
  ['years ago', '2020-01-01T00:00:00Z', 'tooOld'],
  ['before there were computers', '0001-01-01T00:00:00Z', 'tooOld'],
] as const)('a form signed %s: %s %s', (_, signedAt, problem) => {
  expect(signingProblem(signedAt, { signatureDays: 30 }, now)).toBe(problem);
});
