import { createHash } from 'node:crypto';
import { addDays } from '../domain/dates.ts';

/** Weights and check characters of an ID number's last place (GB 11643). */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkCharacters = '10X98765432';

/**
 * An ID number of 攀枝花's 东区 with the right form.
 * @param born date of birth, YYYY-MM-DD
 * @param sequence 0 to 999: who of those who were born that day
 */
export function idNumberOf(born: string, sequence: number): string {
  const body = `510402${born.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + checkCharacters[sum % 11];
}

const surnames = [...'王李张刘陈杨赵黄周吴'];
const givenNames = [...'伟芳娜敏静强磊洋艳勇'];

/** An invented person of age, always the same one for the same subject of a token. */
export function personOfSubject(subject: string): { name: string; idNumber: string } {
  const digest = createHash('sha256').update(subject).digest();
  const born = addDays('1960-01-01', digest.readUInt16BE(0) % 7_000);
  const name = `${surnames[digest.readUInt8(2) % 10]}${givenNames[digest.readUInt8(3) % 10]}`;
  return { name, idNumber: idNumberOf(born, digest.readUInt16BE(4) % 1_000) };
}
