import { describe, expect, it } from '@jest/globals';
import validator from 'validator';
import { idNumberOf } from '../../../dev/people.ts';
import { birthDateOf, idNumberName, maskedIdNumber, understandIdNumber } from '../../../domain/people/documents.ts';
import { agentProblems } from '../../../domain/people/person.ts';

describe('an ID number is understood', () => {
  it.each([
    ['of a 居民身份证 (an example of GB 11643)', '11010519491231002X', '11010519491231002X'],
    ['of somebody born long ago (another one)', '440524188001010014', '440524188001010014'],
    ['of a 香港 resident (a specimen of the permit)', '810000199408230021', '810000199408230021'],
    ['of a 澳门 resident', '820000199408230023', '820000199408230023'],
    ['of a 台湾 resident (a specimen of the permit)', '830000199201300022', '830000199201300022'],
    ['with 71, of 台湾 by GB/T 2260', '710000199408230028', '710000199408230028'],
    ['of a 外国人永久居留身份证 since 2023', '932682198501010017', '932682198501010017'],
    ['of another one', '911398199012310021', '911398199012310021'],
    ['of one before', 'KAZ110090123105', 'KAZ110090123105'],
    ['of one before, in small letters', 'kaz110090123105', 'KAZ110090123105'],
    ['of the first generation, which had 15 digits', '610104620927690', '610104196209276908'],
    ['of the first generation, with an X in the 18', '110105491231002', '11010519491231002X'],
    ['of a 港澳居民来往内地通行证', 'h12345678', 'H12345678'],
    ['of one of 澳门, with the number of its issue', 'M01234567 02', 'M01234567'],
    ['of a 台湾居民来往大陆通行证', '0725 7456', '07257456'],
    ['of a 出生医学证明', 'u510012345', 'U510012345'],
    ['of a foreigner with a passport', 'DEU0C01X00T47', 'DEU0C01X00T47'],
    ['of one whose passport has digits only', 'usa0 123456789', 'USA0123456789'],
  ])('%s', (_, typed, understood) => {
    expect(understandIdNumber(typed)).toBe(understood);
  });

  it.each([
    ['a small x', '11010519491231002x'],
    ['a full-width X', '11010519491231002Ｘ'],
    ['a small full-width x', '11010519491231002ｘ'],
    ['the Roman numeral', '11010519491231002Ⅹ'],
    ['a multiplication sign', '11010519491231002×'],
    ['full-width digits', '１１０１０５１９４９１２３１００２Ｘ'],
    ['spaces', ' 110105 19491231 002X '],
    ['ideographic and no-break spaces', '110105\u300019491231\u00a0002X'],
    ['hyphens', '110105-19491231-002X'],
    ['dashes', '110105–19491231—002X'],
    ['a minus sign', '110105−19491231−002X'],
    ['marks of direction, as phones paste them', '\u202d11010519491231002X\u202c'],
    ['a byte order mark and joiners', '\ufeff110105\u200b19491231\u2060002X'],
    ['the variant of a glyph', '11010519491231002X\ufe0f'],
  ])('with %s', (_, typed) => {
    expect(understandIdNumber(typed)).toBe('11010519491231002X');
  });

  it.each([
    ['nothing', ''],
    ['a wrong check character', '110105194912310021'],
    ['digits that changed places', '11010519491321002X'],
    ['a day that never was', '510402198802302122'],
    ['a region that there is not', '000000199408230021'],
    ['a region without a province', '99000019940823002X'],
    ['a permanent residence of no province', '999398199012310023'],
    ['one of 2023 with a wrong check character', '932682198501010018'],
    ['a 台湾 permit with a wrong check character', '830000199201300023'],
    ['15 digits with a day that never was', '610104620230690'],
    ['17 characters', '1101051949123100X'],
    ['19 characters', '11010519491231002XX'],
    ['an X before the end', '1101051949123100X2'],
    ['two letters and 13 digits', 'KA1110090123105'],
    ['the passport of a foreigner without its country', 'C01X00T47'],
    ['7 digits', '0725745'],
    ['9 digits', '072574561'],
    ['the letter of no 通行证 and 8 digits', 'A12345678'],
    ['a letter and 10 digits that are none of a 通行证', 'U5100123456'],
    ['three letters, and a number that is too long', 'DEU0C01X00T47C01X00T'],
    ['masked digits', '110105********002X'],
    ['a line break and more', '11010519491231002X\n1'],
    ['a NUL', '11010519491231002X\0'],
  ])('not where it is %s', (_, typed) => {
    expect(understandIdNumber(typed)).toBeNull();
  });

  it('as another library understands it, wherever that one knows the region', () => {
    for (let sequence = 0; sequence < 1_000; sequence += 7) {
      const number = idNumberOf('1988-03-15', sequence);
      expect(understandIdNumber(number)).toBe(number);
      for (const end of '0123456789X') {
        const changed = number.slice(0, 17) + end;
        expect([changed, understandIdNumber(changed) !== null]).toEqual([
          changed,
          validator.isIdentityCard(changed, 'zh-CN'),
        ]);
      }
    }
  });
});

describe('a number of another document', () => {
  it.each([
    ['H12345678', '港澳居民来往内地通行证号', 'H1*****78'],
    ['07257456', '台湾居民来往大陆通行证号', '07****56'],
    ['U510012345', '出生医学证明编号', 'U5******45'],
    ['DEU0C01X00T47', '社会保障号码', 'DE*********47'],
    ['51040219880315212X', '身份证号', '510402********212X'],
    ['KAZ110090123105', '身份证号', 'KAZ1100******05'],
  ])('%s is called %s, and shown as %s', (idNumber, name, masked) => {
    expect([idNumberName(idNumber), maskedIdNumber(idNumber)]).toEqual([name, masked]);
  });

  it('tells no date of birth, whatever its digits look like', () => {
    expect(['H12345678', 'U199001011', 'DEU0G119900101', 'DEU0G11990010112'].map(birthDateOf)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('of a newborn asks for a guardian', () => {
    const rule = { guardianUnder: 18 };
    expect(agentProblems({ idNumber: 'U510012345' }, undefined, rule, '2026-03-02')).toEqual(['guardianMissing']);
    expect(agentProblems({ idNumber: 'H12345678' }, undefined, rule, '2026-03-02')).toEqual([]);
  });
});
