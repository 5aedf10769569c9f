import type { Channel } from '../vocabulary.ts';
import { birthDateOf, isBirthCertificate } from './documents.ts';
import { nameKey } from './names.ts';

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

/** Whether somebody is too young on a date to act for themselves, as a newborn (新生儿) without an ID number is. */
export function isMinor(idNumber: string, { guardianUnder }: { guardianUnder: number }, on: string): boolean {
  const birthDate = birthDateOf(idNumber);
  return isBirthCertificate(idNumber) || (birthDate !== null && ageOn(birthDate, on) < guardianUnder);
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
