import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  acceptanceNumber,
  isAcceptanceNumber,
  tailOf,
  understandNumber,
} from '../../../domain/cases/acceptance-number.ts';

const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const eightBytes = fc.uint8Array({ minLength: 8, maxLength: 8 });
const anyNumber = fc
  .tuple(fc.integer({ min: 100_000, max: 999_999 }).map(String), fc.integer({ min: 2020, max: 2099 }), eightBytes)
  .map(([region, year, random]) => acceptanceNumber(region, year, random));

describe('an acceptance number', () => {
  it('is region, year, eight drawn characters and a check character', () => {
    const number = acceptanceNumber('510400', 2026, Uint8Array.from([0, 9, 10, 17, 18, 31, 32, 255]));
    expect(number).toMatch(/^5104002609AHJZ0Z[0-9A-Z]$/);
    expect(number).toHaveLength(17);
    expect(isAcceptanceNumber(number)).toBe(true);
    expect(tailOf(number)).toBe(number.slice(11));
  });

  it('draws from 32 characters, each as likely as the others, without I, L, O and U', () => {
    const drawn = Array.from({ length: 256 }, (_, byte) =>
      acceptanceNumber('510400', 2026, new Uint8Array(8).fill(byte)).charAt(8),
    );
    expect([...new Set(drawn)].sort().join('')).toBe('0123456789ABCDEFGHJKMNPQRSTVWXYZ');
    for (const character of new Set(drawn)) expect(drawn.filter((symbol) => symbol === character)).toHaveLength(8);
  });

  it('is well formed whatever was drawn', () => {
    fc.assert(
      fc.property(anyNumber, (number) => {
        expect(number).toMatch(/^\d{8}[0-9A-HJKMNP-TV-Z]{8}[0-9A-Z]$/);
        expect(isAcceptanceNumber(number)).toBe(true);
      }),
    );
  });

  it.each(['00000000D07A0090Q', '000000009E590000O'])(
    'has the check character of ISO 7064 MOD 37,36, as the published ISAN %s',
    (isan) => {
      expect(isAcceptanceNumber(isan)).toBe(true);
    },
  );

  it('is refused with any single character wrong', () => {
    fc.assert(
      fc.property(anyNumber, (number) => {
        const wrong = [...number].flatMap((right, at) =>
          alphabet
            .filter((character) => character !== right)
            .map((character) => number.slice(0, at) + character + number.slice(at + 1)),
        );
        expect(wrong.filter(isAcceptanceNumber)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['empty', ''],
    ['too short', '51040026ABCDEFGH'],
    ['lower case', '51040026abcdefgh0'],
    ['space around it', ' 00000000D07A0090Q'],
    ['a line end after it', '00000000D07A0090Q\n'],
    ['full-width', '\uff100000000D07A0090Q'],
  ])('is refused when %s', (_, text) => {
    expect(isAcceptanceNumber(text)).toBe(false);
  });
});

it.each([
  ['in lower case', '51040026abcdefgh3'],
  ['full-width', '５１０４００２６ＡＢＣｄｅｆｇｈ３'],
  ['in groups', '510400 26-ABCD–EFGH 3'],
  ['with spaces round it and what nobody sees', ' \u202d51040026ABCDEFGH3\u202c\n'],
  ['as it is', '51040026ABCDEFGH3'],
])('is understood %s', (_, typed) => {
  expect(understandNumber(typed)).toBe('51040026ABCDEFGH3');
});
