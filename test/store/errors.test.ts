import { expect, it } from '@jest/globals';
import { errorCode, isPassing } from '../../store/errors.ts';

const coded = (code: string) => Object.assign(new Error('as PostgreSQL and Node tell it'), { code });
/** As Drizzle hands on what a query failed with. */
const wrapped = (cause: unknown) => new Error('Failed query', { cause });

it.each<[what: string, error: unknown, passes: boolean]>([
  ['a connection that broke', coded('08006'), true],
  ['too many connections', coded('53300'), true],
  ['a database that shuts down', coded('57P01'), true],
  ['a statement that took too long', coded('57014'), true],
  ['a deadlock', coded('40P01'), true],
  ['a serialization failure', coded('40001'), true],
  ['a lock that could not be had', coded('55P03'), true],
  ['a network that is not there', coded('ECONNREFUSED'), true],
  ['a name that is not known, as of a container that is down', coded('ENOTFOUND'), true],
  ['a query without an answer in time', new Error('Query read timeout'), true],
  ['a pool without a free connection', new Error('timeout exceeded when trying to connect'), true],
  ['a key that is there already', coded('23505'), false],
  ['a wrong statement', coded('42601'), false],
  ['a full disk of our own', coded('ENOSPC'), false],
  ['an error of ours', new TypeError('x is undefined'), false],
])('%s', (_, error, passes) => {
  expect([isPassing(error), isPassing(wrapped(error))]).toEqual([passes, passes]);
});

it('the code of an error is that of what caused it, or else its class', () => {
  expect(errorCode(wrapped(coded('08006')))).toBe('08006');
  expect(errorCode(new TypeError('x is undefined'))).toBe('TypeError');
});
