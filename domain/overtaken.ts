import type { AccreditationEntryKind } from './accreditation-timeline.ts';
import type { EntryKind } from './timeline.ts';

/** A change of a case or an accreditation, with what is told of it. */
export interface ToldChange {
  kind: EntryKind | AccreditationEntryKind;
  /** Status before. */
  before: string;
  state: { status: string; closed: boolean };
  drafts: { purpose: string; recipient: string; channel: 'sms' | 'email' | 'app' }[];
}

/** Those messages about the same case or accreditation that say nothing any more. */
export interface Pointless {
  purpose: string;
}

/** What a change does to what was told before. */
type Rule = (change: ToldChange) => boolean;

const results = ['refused', 'approved', 'rejected', 'rejectedWithoutAppeal', 'lapsed', 'withdrawn'];

const statusChanges: Rule = ({ before, state }) => before !== state.status;
const tellsResult: Rule = ({ drafts }) => {
  return drafts.some(({ recipient, purpose }) => recipient === 'applicant' && results.includes(purpose));
};

/** By purpose, which changes end what a message says. What isn't here stays true, whatever happens. */
const endsWith: Record<string, Rule> = {
  eligibilityDelayed: tellsResult,
  accepted: tellsResult,
  resubmitted: tellsResult,
  verificationRecorded: tellsResult,
  verificationFailed: tellsResult,
  appealed: tellsResult,
  registrationRefused: tellsResult,
  dueDateMoved: tellsResult,
  windowMoved: tellsResult,
  materialsRequested: statusChanges,
  supplementReminded: statusChanges,
  verificationRequested: statusChanges,
  verificationReminded: statusChanges,
  resubmissionReminded: statusChanges,
  appealReminded: statusChanges,
  renewalReminded: statusChanges,
};

/** What a change makes pointless of what was told before it. */
export function overtakenBy(change: ToldChange): Pointless[] {
  return Object.keys(endsWith)
    .filter((purpose) => endsWith[purpose]?.(change))
    .map((purpose) => ({ purpose }));
}
