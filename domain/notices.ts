import type { Benefit } from './accreditations/benefit.ts';
import type { Registered } from './accreditations/grant.ts';
import type { Material } from './cases/materials.ts';
import type { Schedule } from './cases/schedule.ts';
import type { Change, EntryKind } from './cases/timeline.ts';
import type { ApplicationType, InsuredType } from './vocabulary.ts';

/**
 * What the people of a case get on paper, with a document number, since a 短信 is no formal service (送达): 受理通知书, 不予受理告知书,
 * 补正材料告知书, 不予认定告知书, 认定决定书.
 */
export const caseNoticeKinds = ['acceptance', 'refusal', 'supplement', 'rejection', 'approval'] as const;
export type CaseNoticeKind = (typeof caseNoticeKinds)[number];
/** And, when an accreditation is revoked, who had it: 撤销认定决定书. */
export const noticeKinds = [...caseNoticeKinds, 'revocation'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** The entries of a case that a notice tells of. */
export const noticeOf: Partial<Record<EntryKind, CaseNoticeKind>> = {
  accepted: 'acceptance',
  refused: 'refusal',
  materialsRequested: 'supplement',
  requestReplaced: 'supplement',
  rejected: 'rejection',
  // Not before: until then the insurance core may refuse to register it.
  registered: 'approval',
};

/** A document number (文号): 攀医保门特受〔2026〕12号. */
export function documentNumber(prefix: string, year: number, number: number): string {
  return `${prefix}〔${year}〕${number}号`;
}

/** What an approval brought. */
export interface Granted extends Registered {
  institution: string | null;
  /** Those beside it, where the disease allows several. */
  furtherInstitutions: string[];
  insuredType: InsuredType;
  /** Contribution tier (缴费档次), where it is known. */
  tier: string | null;
  /** By whose rules it was granted. */
  policyVersion: string;
}

/** What a decision in favour (认定决定书) grants, as on the day of the decision. Shanghai dates. */
export interface Decision extends Registered {
  diseaseName: string;
  institution: string | null;
  /** Those beside it, where the disease allows several. */
  furtherInstitutions: string[];
  benefit: Benefit & { note: string };
}

/** A notice (告知书) as it is worded, before it has its document number (文号). */
export interface NoticeDraft {
  /** Of the document number. */
  prefix: string;
  title: string;
  /** Who issues it. */
  office: string;
  /** Whom it is for: the name, and the ID number masked. */
  addressee: string;
  sections: { text: string; items?: string[] }[];
  /** Shanghai date. */
  issuedOn: string;
  /** Of a 认定决定书: what it says, for programs. */
  decision?: Decision;
}

/** A change that a notice tells of, and the case that it happened to. */
export interface NoticedCase {
  kind: CaseNoticeKind;
  acceptanceNumber: string;
  applicantName: string;
  idNumber: string;
  type: ApplicationType;
  diseaseCode: string;
  policyVersion: string;
  change: Change;
  /** What lies ahead of the case after it. */
  schedule: Schedule;
  /** Instant. */
  submittedAt: string;
  /** The materials in force. */
  handedIn: Material[];
  /** Of an approval. */
  granted?: Granted;
}
