import type { AccreditationEntryKind } from '../accreditations/timeline.ts';
import type { EntryKind } from '../cases/timeline.ts';

/** A change of a case or an accreditation, with what is told of it. */
export interface AnnouncedChange {
  kind: EntryKind | AccreditationEntryKind;
  /** Status before the change. */
  before: string;
  /** After it. */
  state: { status: string; closed: boolean };
  drafts: { purpose: string; recipient: string; channel: 'sms' | 'email' | 'app' }[];
}

/** Notifications about the same case or accreditation that there is no use in telling any more. */
export interface Pointless {
  purpose: string;
  /** Missing where it is pointless for everybody who was told. */
  recipient?: string;
}

/** Whether a change ends what was told before. */
type Rule = (change: AnnouncedChange) => boolean;

const statusChanges: Rule = ({ before, state }) => before !== state.status;
/**
 * What was asked for, or reckoned with, is over. A rejected case whose time is over is closed but keeps its status, so
 * the status alone doesn't tell.
 */
const stageEnds: Rule = (change) => statusChanges(change) || change.state.closed;
/** It isn't the office's turn any more. A case that is accepted late is as overdue as before. */
const leavesOffice: Rule = (change) => stageEnds(change) && change.state.status !== 'underReview';
/** What was asked for is another list now: the former one, and reminders of it, would only mislead. */
const listEnds: Rule = (change) => stageEnds(change) || change.kind === 'requestReplaced';
const results = ['refused', 'approved', 'rejected', 'rejectedWithoutAppeal', 'lapsed', 'withdrawn'];
const tellsResult: Rule = ({ drafts }) => {
  return drafts.some(({ recipient, purpose }) => recipient === 'applicant' && results.includes(purpose));
};
const isDecided: Rule = (change) => tellsResult(change) || change.state.closed;
const periodEnds: Rule = (change) => statusChanges(change) || change.kind === 'renewed';
const isRenewing: Rule = (change) => periodEnds(change) || change.kind === 'renewalFiled';

/**
 * By purpose: the changes after which a notification isn't true any more. A result ends only with a newer result. A
 * purpose that isn't listed is told whatever happens.
 */
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
  materialsRequested: listEnds,
  requestReplaced: listEnds,
  supplementReminded: listEnds,
  verificationRequested: stageEnds,
  verificationReminded: stageEnds,
  resubmissionReminded: stageEnds,
  appealReminded: stageEnds,
  escalated: leavesOffice,
  reviewerReminded: leavesOffice,
  noticeReminded: leavesOffice,
  firstApproved: leavesOffice,
  renewalReminded: isRenewing,
  renewalExtended: periodEnds,
  renewed: statusChanges,
  institutionChanged: statusChanges,
  accreditationEnded: statusChanges,
};

/**
 * Which of the 短信 about what happened before a change need no telling any more: those that aren't true now, and those
 * that a newer one of the same purpose to the same recipient replaces (as in a briefing, `briefing.ts`).
 */
export function overtakenBy(change: AnnouncedChange): Pointless[] {
  const untrue = Object.entries(endsWith).filter(([, ends]) => ends(change));
  const anew = change.drafts.filter(({ channel }) => channel === 'sms');
  return [
    ...untrue.map(([purpose]) => ({ purpose })),
    ...anew.map(({ purpose, recipient }) => ({ purpose, recipient })),
  ];
}
