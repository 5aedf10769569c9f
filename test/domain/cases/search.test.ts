import { describe, expect, it } from '@jest/globals';
import { acceptanceNumber, tailOf } from '../../../domain/cases/acceptance-number.ts';
import { type Search, understandSearch } from '../../../domain/cases/search.ts';

const number = acceptanceNumber('510400', 2026, Uint8Array.from([1, 12, 3, 14, 5, 16, 7, 18]));
const tail = tailOf(number);

describe('what staff search for', () => {
  it.each<[string, string, Search | null]>([
    ['an acceptance number', number, { acceptanceNumber: number }],
    ['in lower case', number.toLowerCase(), { acceptanceNumber: number }],
    ['read out in groups', ` ${number.slice(0, 8)} ${number.slice(8)} `, { acceptanceNumber: number }],
    ['its tail', tail, { tail }],
    ['its tail in lower case', ` ${tail.toLowerCase()}`, { tail }],
    ['six digits, which are a tail', '123456', { tail: '123456' }],
    ['four digits, which are the end of a phone', '８001', { phoneTail: '8001' }],
    ['a name', ' 李 娜 ', { name: '李娜' }],
    ['a name with dots', '阿西•木呷', { name: '阿西木呷' }],
    ['six letters, which may be either', 'Martin', { tail: 'MARTIN', name: 'martin' }],
    ['a whole phone', '13800138001', null],
    ['a number with a wrong character', `${number.slice(0, -1)}${number.endsWith('A') ? 'B' : 'A'}`, null],
    ['an ID number', '510402198803152122', null],
    ['part of a name and a number', '李娜1', null],
    ['signs', '%_', null],
  ])('%s', (_, text, expected) => {
    expect(understandSearch(text)).toEqual(expected);
  });
});
