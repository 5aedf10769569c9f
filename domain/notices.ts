import type { EntryKind } from './cases/timeline.ts';

/**
 * What the people of a case get on paper, with a document number, since a 短信 is no formal service (送达): 受理通知书, 不予受理告知书,
 * 补正材料告知书, 不予认定告知书.
 */
export const caseNoticeKinds = ['acceptance', 'refusal', 'supplement', 'rejection'] as const;
export type CaseNoticeKind = (typeof caseNoticeKinds)[number];
/** And, when an accreditation is revoked, who had it: 撤销认定决定书. */
export const noticeKinds = [...caseNoticeKinds, 'revocation'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** The entries of a case that a notice tells of. */
export const noticeOf: Partial<Record<EntryKind, CaseNoticeKind>> = {
  accepted: 'acceptance',
  refused: 'refusal',
  materialsRequested: 'supplement',
  rejected: 'rejection',
};

/** A document number (文号): 攀医保门特受〔2026〕12号. */
export function documentNumber(prefix: string, year: number, number: number): string {
  return `${prefix}〔${year}〕${number}号`;
}
