import { describe, expect, it } from '@jest/globals';
import { smsLength } from '../../../domain/notifications/sms-length.ts';

describe('a 短信', () => {
  it.each([
    ['nothing', '', 0, 1],
    ['one character', '医', 1, 1],
    ['70 characters', '医'.repeat(70), 70, 1],
    ['71, of which each part takes 67', '医'.repeat(71), 71, 2],
    ['134', '医'.repeat(134), 134, 2],
    ['135', '医'.repeat(135), 135, 3],
    ['digits and Chinese, each one character', `${'9'.repeat(35)}${'医'.repeat(35)}`, 70, 1],
    ['35 that count two', '𬱖'.repeat(35), 70, 1],
    ['36 that do', '𬱖'.repeat(36), 72, 2],
    ['one that counts two at the end of a part', `${'医'.repeat(65)}𬱖${'医'.repeat(67)}`, 134, 2],
    ['one that would be torn: it goes to the next part', `${'医'.repeat(66)}𬱖${'医'.repeat(66)}`, 134, 3],
    ['67 that count two, where every part stays one short', '𬱖'.repeat(67), 134, 3],
  ])('of %s', (_, text, characters, parts) => {
    expect(smsLength(text)).toEqual({ characters, parts });
  });
});
