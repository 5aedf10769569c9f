import { birthDateOf } from './person.ts';
import { ungrouped } from './typed.ts';

/** Weights and check characters of an ID number's last place (GB 11643-1999, ISO 7064 MOD 11-2). */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkCharacters = '10X98765432';

/**
 * The first two digits, by province (GB/T 2260). 81, 82 and 83 are the residence permits of people from 香港, 澳门 and
 * 台湾 (港澳台居民居住证申领发放办法, 国办发〔2018〕81号, article 3); 71 is 台湾 in GB/T 2260.
 */
const provinces = new Set(
  ['11 12 13 14 15', '21 22 23', '31 32 33 34 35 36 37', '41 42 43 44 45 46', '50 51 52 53 54', '61 62 63 64 65']
    .concat('71 81 82 83')
    .flatMap((region) => region.split(' ')),
);

/** Characters that stand for the X in the last place: the multiplication sign, and the letters of other scripts. */
const otherX = /[×хХχΧ]$/u;

/**
 * An ID number (身份证号) as people type it, of one of the documents that carry one:
 *
 * - 居民身份证 and 港澳台居民居住证: 18 characters (GB 11643-1999: region, date of birth, sequence, check character);
 * - the first generation of the 居民身份证, 15 digits (GB 11643-1989, without century and check character): understood
 *   as the 18 that its holder has now, since they are one person, found by one hash;
 * - 外国人永久居留身份证 since 2023-12-01: 18 characters, 9, the province that issued it, the country (ISO 3166-1
 *   numeric), date of birth, sequence, check character as GB 11643 (国家移民管理局,
 *   新版外国人永久居留身份证适配性改造要点, 2023);
 * - the same before, good until it ends: three letters of the country and 12 digits. How its digits are made up is
 *   published at second hand only, so they aren't judged (待核实).
 * @returns as it is written; null where it is none
 */
export function understandIdNumber(text: string): string | null {
  const number = ungrouped(text).toUpperCase().replace(otherX, 'X');
  if (/^[A-Z]{3}\d{12}$/.test(number)) return number;
  const whole = /^\d{15}$/.test(number) ? eighteen(number) : number;
  return isWhole(whole) ? whole : null;
}

/** The number of 18 that belongs to one of 15, whose holders were all born in the 1900s. */
function eighteen(number: string): string {
  const body = `${number.slice(0, 6)}19${number.slice(6)}`;
  return body + checkCharacter(body);
}

function isWhole(number: string): boolean {
  if (!/^[1-9]\d{5}(18|19|20)\d{9}[\dX]$/.test(number)) return false;
  const province = number.startsWith('9') ? number.slice(1, 3) : number.slice(0, 2);
  return provinces.has(province) && birthDateOf(number) !== null && checkCharacter(number) === number[17];
}

/** The check character that belongs to the first 17 digits. */
function checkCharacter(digits: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return checkCharacters[sum % 11] as string;
}
