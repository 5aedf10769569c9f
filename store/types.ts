import type { NoticeDraft } from '../domain/notices.ts';

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
