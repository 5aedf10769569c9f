import type { NoticeDraft } from '../policy/notices/case.ts';
import { notifiedEvents } from '../policy/schema.ts';

/** A person as they gave themselves: stored encrypted, never sent to Temporal. */
export interface Person {
  name: string;
  idNumber: string;
  phone: string;
}

/** The personal part of an application. */
export interface PersonalData {
  applicant: Person;
  agent?: Person & { relation: string };
  signature: { name: string; signedAt: string };
}

/** The part of the form that names no person. */
export interface ApplicationForm {
  insuredType: 'employee' | 'resident' | 'flexible';
  hospital: { code: string; name: string; level: number };
  hasElectronicVoucher: boolean;
  student?: boolean;
  residesElsewhere?: boolean;
  crossRegionFilingNumber?: string;
  designatedInstitution?: string;
  accreditationId?: string;
}

/** `open`: one open application per person, disease and type. `yearly`: one change of institution (定点变更) a calendar year per person. */
export type ClaimKind = 'open' | 'yearly';

/** Where an accreditation comes from: an application here, the insurance core's records (5301), or a list that was imported. */
export type AccreditationSource = 'application' | 'core' | 'import';

/** A notice (告知书) as it was issued. */
export type NoticeContent = Omit<NoticeDraft, 'prefix'> & {
  /** 文号. */
  documentNumber: string;
};

/** What only the provider gets to read of a message: the phone (11 digits), and words that take the place of the row's. */
export interface SealedMessage {
  phone: string;
  body?: string;
  parameters?: Record<string, string> | null;
}

/** What a provider was given, wherever the person's phone and the policy's words have gone since. */
export interface SealedAttempt {
  /** An E.164 phone number or an e-mail address. */
  address: string;
  body: string;
}

/** What a message tells: an event of the policy's, that nobody has called, a code for a new phone, or that the phone was changed. */
export const messagePurposes = [...notifiedEvents, 'callOverdue', 'phoneCode', 'phoneReplaced'] as const;
export type MessagePurpose = (typeof messagePurposes)[number];

/** `sent`: a provider has taken it; `overtaken`: something newer made it pointless before it was known to have arrived. */
export const messageStates = ['queued', 'sent', 'delivered', 'failed', 'overtaken'] as const;
export type MessageState = (typeof messageStates)[number];

/** Nobody has to be told any more what a message in one of these says. */
export const doneStates: MessageState[] = ['delivered', 'overtaken'];

/** What came of a try to hand a message over; `notTaken`: the provider doesn't have it, and it can be tried again. */
export const attemptOutcomes = ['taken', 'refused', 'notTaken'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** How a call ended (电话告知): reached, or the number is wrong. */
export const callOutcomes = ['reached', 'wrongNumber'] as const;
export type CallOutcome = (typeof callOutcomes)[number];

/** A call that reached nobody. */
export interface CallTry {
  /** Instant. */
  at: string;
  by: string;
  note?: string;
}
