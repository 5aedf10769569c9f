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
  /** Missing where it is pointless whoever was told. */
  recipient?: string;
}

/** What a change does to what was told before. */
type Rule = (change: ToldChange) => boolean;

const results = ['refused', 'approved', 'rejected', 'rejectedWithoutAppeal', 'lapsed', 'withdrawn'];

/** What the applicant could do until now is done, or its time is over: a rejected case that is closed keeps its status. */
const stageEnds: Rule = ({ before, state }) => before !== state.status || state.closed;
const tellsResult: Rule = ({ drafts }) => {
  return drafts.some(({ recipient, purpose }) => recipient === 'applicant' && results.includes(purpose));
};
const isDecided: Rule = (change) => tellsResult(change) || change.state.closed;
/** It isn't the office's turn any more; a case that is accepted late is as overdue as before. */
const leavesOffice: Rule = (change) => stageEnds(change) && change.state.status !== 'underReview';

const periodEnds: Rule = ({ before, state }) => before !== state.status;
const isRenewed: Rule = (change) => periodEnds(change) || change.kind === 'renewed';
const isFiled: Rule = (change) => isRenewed(change) || change.kind === 'renewalFiled';

/** By purpose, which changes end what a message says. What isn't here stays true, whatever happens. */
const endsWith: Record<string, Rule> = {
  ...Object.fromEntries(results.map((purpose) => [purpose, tellsResult])),
  eligibilityDelayed: stageEnds,
  accepted: isDecided,
  resubmitted: isDecided,
  verificationRecorded: isDecided,
  verificationMissed: isDecided,
  verificationFailed: isDecided,
  appealed: isDecided,
  registrationRefused: isDecided,
  dueDateMoved: stageEnds,
  windowMoved: stageEnds,
  materialsRequested: stageEnds,
  supplementReminded: stageEnds,
  verificationRequested: stageEnds,
  verificationReminded: stageEnds,
  resubmissionReminded: stageEnds,
  appealReminded: stageEnds,
  escalated: leavesOffice,
  reviewerReminded: leavesOffice,
  noticeReminded: leavesOffice,
  firstApproved: leavesOffice,
  renewalReminded: isFiled,
  renewalExtended: isRenewed,
  renewed: periodEnds,
  institutionChanged: periodEnds,
  accreditationEnded: periodEnds,
};

/**
 * What a change makes pointless of the 短信 that were to tell what happened before it: what isn't true any more, and what a newer one of the same
 * purpose tells the same recipient anew (as in a digest, `digest.ts`).
 */
export function overtakenBy(change: ToldChange): Pointless[] {
  const untrue = Object.entries(endsWith).filter(([, ends]) => ends(change));
  const anew = change.drafts.filter(({ channel }) => channel === 'sms');
  return [
    ...untrue.map(([purpose]) => ({ purpose })),
    ...anew.map(({ purpose, recipient }) => ({ purpose, recipient })),
  ];
}
