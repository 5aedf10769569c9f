import { describe, expect, it } from '@jest/globals';
import { isName, nameKey, understandName } from '../../../domain/people/names.ts';
import { isSameName } from '../../../domain/people/person.ts';

describe('a name is understood', () => {
  it.each([
    '·',
    '•',
    '‧',
    '∙',
    '⋅',
    '・',
    '･',
    '．',
    '.',
    '。',
    '｡',
    '᛫',
    '●',
    '◦',
    'ㆍ',
    '\u0387',
    '\u0095',
    '\u2024',
    '﹒',
    ' · ',
    '··',
  ])('with the dot %j', (dot) => {
    expect(understandName(`阿西${dot}木呷`)).toBe('阿西·木呷');
  });

  it.each([
    ['as it is', '李娜', '李娜'],
    ['without spaces around it', ' 李娜 ', '李娜'],
    ['spaced out by a form', '李　娜', '李娜'],
    ['spaced out by more of them', '李  娜', '李娜'],
    ['of three, spaced out', '王 小 明', '王小明'],
    ['with a space where the dot belongs', '阿西 木呷', '阿西 木呷'],
    ['with a line break from a table', '李\n娜', '李娜'],
    ['with marks of direction', '\u202d李娜\u202c', '李娜'],
    ['with what nobody sees', '李\u200b\u2060娜\ufeff\ufe0f', '李娜'],
    ['with the variant of a glyph', '葛\u{e0100}小明', '葛小明'],
    ['with a bullet in front', '• 李娜', '李娜'],
    ['with a full stop behind', '李娜。', '李娜'],
    ['with 〇', '李〇', '李〇'],
    ['with a circle for it', '李○明', '李〇明'],
    ['with a compatibility character', '\uf9e1娜', '李娜'],
    ['with a radical for the character', '李⽊', '李木'],
    ['with a bracketed component', '徐(莹加王旁)', '徐(莹加王旁)'],
    ['with that in full-width brackets', '徐（莹加王旁）', '徐(莹加王旁)'],
    ['with that in square brackets', '徐［金＋容］', '徐(金+容)'],
    ['of three parts', '努尔买买提•阿布都外力．买买提', '努尔买买提·阿布都外力·买买提'],
    ['in decomposed letters', 'Jose\u0301 Nin\u0303o', 'José Niño'],
    ['in full-width letters', 'ＪＯＨＮ　ＳＭＩＴＨ', 'JOHN SMITH'],
    ['with runs of spaces', 'John   Smith', 'John Smith'],
    ['with an apostrophe', "Conan O'Brien", "Conan O'Brien"],
    ['with a typographic apostrophe', 'Conan O’Brien', "Conan O'Brien"],
    ['with a letter for the apostrophe', 'Conan OʼBrien', "Conan O'Brien"],
    ['with an accent for the apostrophe', 'Conan O´Brien', "Conan O'Brien"],
    ['with a dash for the hyphen', 'Jean–Luc Picard', 'Jean-Luc Picard'],
    ['with initials', 'J.R.R. Tolkien', 'J. R. R. Tolkien'],
    ['in Japanese', 'ジョン･スミス', 'ジョン·スミス'],
  ])('%s', (_, typed, understood) => {
    expect(understandName(typed)).toBe(understood);
    expect(isName(understood)).toBe(true);
  });

  it.each(['www.abc.cn', 't.cn', 'a．cn', 'abc。cn'])('%s, and is no link in a 短信', (typed) => {
    expect(understandName(typed)).not.toMatch(/[\p{L}\p{N}]\.[\p{L}\p{N}]/u);
  });
});

it.each([
  ['---', false],
  ['...', false],
  ['···', false],
  ["'", false],
  ['()', false],
  ['123', false],
  ['１２３', false],
  ['', false],
  ['\u200b', false],
  ['李娜1', false],
  ['李娜<b>', false],
  ['李娜,王强', false],
  ['李娜/王强', false],
  ['李娜😀', false],
  ['李\0娜', false],
  ['李\ud800娜', false],
  ['李+娜', false],
  ['徐(莹加王旁', false],
  ['徐()', false],
  ['https://a.cn', false],
  ['阿', true],
  ['𬱖小勇', true],
  ["'Abd al-Rahman", true],
  ['Ngô Đình Diệm', true],
  ['김민수', true],
  ['ئابدۇرېھىم', true],
])('what is typed as %j is a name: %s', (typed, is) => {
  expect(isName(understandName(typed))).toBe(is);
});

it.each([
  ['阿西·木呷', '阿西•木呷', true],
  ['阿西·木呷', '阿西.木呷', true],
  ['阿西·木呷', '阿西木呷', true],
  ['徐(莹加王旁)', '徐（莹加王旁）', true],
  ['李　娜', '李娜', true],
  ['\u202d李娜\u202c', '李娜', true],
  ['JOSE\u0301', 'José', true],
  ["O'Brien", 'O’BRIEN', true],
  ['Jean-Luc', 'Jean Luc', true],
  ['李娜', '李那', false],
  ['阿西·木呷', '阿西', false],
  ['徐(莹加王旁)', '徐莹', false],
  ['José', 'Jose', false],
])('%j and %j are one name: %s', (one, other, same) => {
  expect(isSameName(one, other)).toBe(same);
  expect(nameKey(one) === nameKey(other)).toBe(same);
});
