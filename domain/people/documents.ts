import { isIsoDate } from '../dates.ts';
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
 * Numbers of people who have no ID number, each told by its form; none carries a date of birth. How the insurance core
 * knows these people is its matter (待核实).
 */
const otherDocuments = [
  /** Lifelong: letter and 8 digits; cards of before 2013 add two digits that count how often one was issued. */
  { name: '港澳居民来往内地通行证号', form: /^([HM]\d{8})(\d{2})?$/ },
  /** Lifelong, 8 digits. */
  { name: '台湾居民来往大陆通行证号', form: /^(\d{8})$/ },
  { name: '出生医学证明编号', form: /^([A-Z]\d{9})$/ },
  /**
   * Of foreigners with a passport: three letters of the country, a digit in reserve, the passport's number
   * (在中国境内就业的外国人参加社会保险暂行办法, 人力资源和社会保障部令第16号, 2011, article 10 and annex).
   */
  { name: '社会保障号码', form: /^([A-Z]{3}\d[A-Z\d]{5,14})$/ },
] as const;

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
 *   published at second hand only, so they aren't judged (待核实);
 * - for who has none of these, the number of another document (`otherDocuments`).
 * @returns as it is written; null where it is none
 */
export function understandIdNumber(text: string): string | null {
  const number = ungrouped(text).toUpperCase().replace(otherX, 'X');
  if (isFormerPermit(number)) return number;
  for (const { form } of otherDocuments) {
    const lasting = form.exec(number)?.[1];
    if (lasting !== undefined) return lasting;
  }
  const whole = /^\d{15}$/.test(number) ? eighteen(number) : number;
  return isWhole(whole) ? whole : null;
}

/** What a number is called that stands for somebody (Chinese). @param idNumber as `understandIdNumber` returns it */
export function idNumberName(idNumber: string): string {
  return otherDocumentOf(idNumber)?.name ?? '身份证号';
}

/** Whether a child is known by their 出生医学证明: born not long ago, and not entered in a household register yet. */
export function isBirthCertificate(idNumber: string): boolean {
  return otherDocumentOf(idNumber)?.name === '出生医学证明编号';
}

function otherDocumentOf(idNumber: string) {
  return isFormerPermit(idNumber) ? undefined : otherDocuments.find(({ form }) => form.test(idNumber));
}

/** The date of birth in an ID number (digits 7–14 of the 18); null where it holds none. */
export function birthDateOf(idNumber: string): string | null {
  if (otherDocumentOf(idNumber)) return null;
  const digits = isFormerPermit(idNumber) ? bornUnderFormerPermit(idNumber) : idNumber.slice(6, 14);
  const date = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  return isIsoDate(date) ? date : null;
}

const isFormerPermit = (idNumber: string) => /^[A-Z]{3}\d{12}$/.test(idNumber);

/**
 * The date of birth in a 外国人永久居留身份证 of before, YYYYMMDD, whose digits 5–10 leave out the century. None was issued
 * after 2023, so a year up to 23 is of this century: else somebody would be past a hundred. 待核实
 */
function bornUnderFormerPermit(idNumber: string): string {
  const born = idNumber.slice(7, 13);
  return (born.slice(0, 2) <= '23' ? '20' : '19') + born;
}

/**
 * An ID number as a notice shows it: 510402********2122. The date of birth is hidden; of a 外国人永久居留身份证 of before,
 * KAZ1100******05; of another document's number all but its first two and last two characters, H1*****78.
 */
export function maskedIdNumber(idNumber: string): string {
  if (isFormerPermit(idNumber)) return `${idNumber.slice(0, 7)}******${idNumber.slice(-2)}`;
  if (!otherDocumentOf(idNumber)) return `${idNumber.slice(0, 6)}********${idNumber.slice(-4)}`;
  return `${idNumber.slice(0, 2)}${'*'.repeat(idNumber.length - 4)}${idNumber.slice(-2)}`;
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
