import type { MaterialKind, Status } from '../vocabulary.ts';
import type { ApplicationState } from './state.ts';

/** The insurance core has to be asked before this case is accepted. */
export function awaitsEligibility({ status }: ApplicationState): boolean {
  return status === 'submitted';
}

/** The insurance core has to register this approval before the case ends (门慢特备案). */
export function awaitsRegistration({ status, closed }: ApplicationState): boolean {
  return status === 'approved' && !closed;
}

/** An approval now is the first of the two that this case needs. */
export function awaitsSecondApproval({ fourEyes, firstApproval }: ApplicationState): boolean {
  return fourEyes && firstApproval === null;
}

/**
 * Who has to act next: the insurance core (on eligibility or a registration), the office (on a decision), or the
 * applicant. For the applicant it also says what they owe, and until when (Shanghai dates).
 */
export interface Awaiting {
  what: 'eligibility' | 'registration' | 'decision' | 'secondApproval' | 'materials' | 'verification' | 'resubmission';
  kinds?: MaterialKind[];
  until?: string;
  /** Last day for an appeal, beside that for a resubmission. */
  appealUntil?: string;
}

/** Who has to act next, in the statuses in which anybody has to. */
export const awaitedFrom = {
  core: ['submitted', 'approved'], // 医保核心系统
  office: ['underReview'], // 经办机构
  applicant: ['awaitingMaterials', 'awaitingVerification', 'rejected'], // 申请人
} as const satisfies Record<string, readonly Status[]>;
export type Awaited = keyof typeof awaitedFrom;

/** @param windows last days of what the applicant may do now */
export function awaiting(
  state: ApplicationState,
  windows: { windowEndsOn: string | null; appealUntil: string | null },
): Awaiting | null {
  const until = windows.windowEndsOn ? { until: windows.windowEndsOn } : {};
  if (state.closed) return null;
  switch (state.status) {
    case 'submitted':
      return { what: 'eligibility' };
    case 'underReview':
      return { what: state.firstApproval ? 'secondApproval' : 'decision' };
    case 'approved':
      return { what: 'registration' };
    case 'awaitingMaterials':
      return { what: 'materials', kinds: state.requestedKinds, ...until };
    case 'awaitingVerification':
      return { what: 'verification', ...until };
    case 'rejected':
      return { what: 'resubmission', ...until, ...(windows.appealUntil ? { appealUntil: windows.appealUntil } : {}) };
    default:
      return null;
  }
}
