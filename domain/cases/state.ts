import type { Ledger } from '../calendar/deadline.ts';
import type { MaterialKind, Status } from '../vocabulary.ts';

/** What the workflow has to know of a case: no personal data, no health data. */
export interface ApplicationState {
  status: Status;
  /** Instant of the submission. */
  submittedAt: string;
  /** Counts from 1; a resubmission after a rejection begins the next. */
  round: number;
  ledger: Ledger;
  /** 0 in time; the rung of the ladder that was reached in this round. */
  escalationLevel: number;
  /** Who has filed it, or handed something in since; at the window those are clerks. They may not review it (回避). */
  filedBy: string[];
  /** The reviewer in charge (承办人). */
  assignee: string | null;
  /** Who has decided anything so far. */
  reviewers: string[];
  /** Two reviewers have to approve (双人复核); who was the first. */
  fourEyes: boolean;
  firstApproval: string | null;
  /** Not to be approved before the originals were seen at the window (线下核验); whether they were found in order. */
  mustVerify: boolean;
  verified: boolean | null;
  /** Who recorded a verification may not decide alone; who recorded the one that counts. */
  verifierApart: boolean;
  verifiedBy: string | null;
  /** An appeal was made; those who had taken part by then may not decide it. */
  appealed: boolean;
  barred: string[];
  /** How often materials were requested so far; tells the reminders of one request from those of the next. */
  supplements: number;
  /** The same with each replacement of a request counted: the number of the present one. */
  requests: number;
  /**
   * Shanghai date on which the applicant's present window opened: for a supplement, a verification, or a resubmission
   * and an appeal.
   */
  windowOpenedOn: string | null;
  /** The kinds that the applicant owes. */
  requestedKinds: MaterialKind[];
  /**
   * 一次性告知: the kinds that were named in this round, or handed in since; null before the round's first request. Missing
   * where the rule didn't apply when the case was filed.
   */
  notified?: MaterialKind[] | null;
  /** Kinds of material that the case's policy adds to the guide's; missing where there are none. */
  ownKinds?: MaterialKind[];
  /** Keys of the milestones that fired in this round. */
  fired: string[];
  /** Nothing can happen any more: the workflow ends. */
  closed: boolean;
  /** Version of the calendar that the case heard of last; missing until then. */
  calendarVersion?: number;
}

/** What a disease asks of the review, and whether the window has seen the originals by the submission. */
export type ReviewRules = Partial<Pick<ApplicationState, 'fourEyes' | 'mustVerify' | 'verified' | 'verifierApart'>> & {
  /** What is missing has to be told in one go (一次性告知). */
  oneTimeNotice?: boolean;
  ownKinds?: MaterialKind[];
};

/** A case as it is at the moment of submission. @param submittedAt that instant @param filedBy by whom */
export function submittedApplication(
  ledger: Ledger,
  { submittedAt, filedBy }: { submittedAt: string; filedBy: string },
  rules: ReviewRules = {},
): ApplicationState {
  return {
    status: 'submitted',
    submittedAt,
    round: 1,
    ledger,
    escalationLevel: 0,
    filedBy: [filedBy],
    assignee: null,
    reviewers: [],
    fourEyes: rules.fourEyes ?? false,
    firstApproval: null,
    mustVerify: rules.mustVerify ?? false,
    verified: rules.verified ?? null,
    verifierApart: rules.verifierApart ?? false,
    verifiedBy: null,
    appealed: false,
    barred: [],
    supplements: 0,
    requests: 0,
    windowOpenedOn: null,
    requestedKinds: [],
    ...(rules.oneTimeNotice ? { notified: null } : {}),
    ...(rules.ownKinds?.length ? { ownKinds: rules.ownKinds } : {}),
    fired: [],
    closed: false,
  };
}
