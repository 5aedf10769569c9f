import { isIsoDate } from '../dates.ts';
import type { Channel } from '../vocabulary.ts';
import { nameKey } from './names.ts';

/** The date of birth in an ID number (digits 7–14 of the 18); null where it holds none. */
export function birthDateOf(idNumber: string): string | null {
  const digits = isFormerPermit(idNumber) ? bornUnderFormerPermit(idNumber) : idNumber.slice(6, 14);
  const date = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  return isIsoDate(date) ? date : null;
}

const isFormerPermit = (idNumber: string) => /^[A-Z]{3}/.test(idNumber);

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
 * KAZ1100******05.
 */
export function maskedIdNumber(idNumber: string): string {
  if (isFormerPermit(idNumber)) return `${idNumber.slice(0, 7)}******${idNumber.slice(-2)}`;
  return `${idNumber.slice(0, 6)}********${idNumber.slice(-4)}`;
}

/** A phone number as those see it who don't call, 138****8001; empty where there is none. */
export function maskedPhone(phone: string): string {
  return phone === '' ? '' : `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}

/** Full years of age on a date (周岁: the birthday itself counts). */
export function ageOn(birthDate: string, on: string): number {
  const years = Number(on.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return on.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Whether two names are one: apps and forms write the dots and the spaces of transcribed names in their own ways. */
export function isSameName(one: string, other: string): boolean {
  return nameKey(one) === nameKey(other);
}

/** Whether a phone is none of a person's earlier ones, who have some. */
export function isStranger(phone: string, earlier: string[]): boolean {
  return earlier.length > 0 && !earlier.includes(phone);
}

/**
 * Whether who acts on a case does so for somebody else, of their own accord (代办): neither the applicant, nor a clerk for
 * somebody who is at the window.
 * @param by the keyed hash of their ID number, or a clerk's id
 */
export function actsAsAgent(
  { idNumberHash, channel }: { idNumberHash: string; channel: Channel },
  by: string,
): boolean {
  return channel !== 'window' && by !== idNumberHash;
}

/** Whether somebody is too young on a date to act for themselves. */
export function isMinor(idNumber: string, { guardianUnder }: { guardianUnder: number }, on: string): boolean {
  const birthDate = birthDateOf(idNumber);
  return birthDate !== null && ageOn(birthDate, on) < guardianUnder;
}

export type AgentProblem = 'guardianMissing' | 'agentUnderAge' | 'agentIsApplicant';

/**
 * Who may apply for whom. Children and students apply through a guardian (监护人); everybody else may have an agent (代办人),
 * as elderly people often do. An agent is of age, and not the applicant.
 * @param on Shanghai date of the submission
 */
export function agentProblems(
  applicant: { idNumber: string; student?: boolean | undefined },
  agent: { idNumber: string } | undefined,
  rule: { guardianUnder: number },
  on: string,
): AgentProblem[] {
  if (!agent) return applicant.student || isMinor(applicant.idNumber, rule, on) ? ['guardianMissing'] : [];
  return [
    ...(agent.idNumber === applicant.idNumber ? (['agentIsApplicant'] as const) : []),
    ...(agent.idNumber !== applicant.idNumber && isMinor(agent.idNumber, rule, on) ? (['agentUnderAge'] as const) : []),
  ];
}
