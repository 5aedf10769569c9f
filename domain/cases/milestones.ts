/** What a milestone is there for. */
export type Purpose =
  | 'tellDelay'
  | 'remindNotice'
  | 'remindReviewer'
  | 'escalate'
  | 'remindSupplement'
  | 'lapse'
  | 'remindVerification'
  | 'missVerification'
  | 'remindResubmission'
  | 'remindAppeal'
  | 'close';

/** Something that is to happen by itself at an instant, unless the case moves first. */
export interface Milestone {
  at: string;
  purpose: Purpose;
  /** Fires once a round under this key, wherever its date moves. */
  key: string;
  /**
   * A number that depends on the purpose: working days left (remindReviewer) or gone by (remindNotice), the rung of the
   * ladder (escalate), or calendar days left (the applicant's reminders).
   */
  value: number;
}

/** @param request tells the milestones of one request to the applicant from those of the next */
export function milestone(purpose: Purpose, value: number, at: string, request = ''): Milestone {
  return { at, purpose, key: `${purpose}:${value}${request}`, value };
}

/**
 * Which milestones each one makes pointless when both have passed. A case that wakes up late acts on the latest only,
 * and spares people the reminders before it.
 */
const supersedes: Record<Purpose, Purpose[]> = {
  tellDelay: [],
  remindNotice: [],
  remindReviewer: ['remindReviewer', 'remindNotice'],
  remindSupplement: ['remindSupplement'],
  remindResubmission: ['remindResubmission'],
  escalate: ['remindReviewer', 'remindNotice'],
  lapse: ['remindSupplement', 'escalate'],
  remindVerification: ['remindVerification'],
  missVerification: ['remindVerification'],
  remindAppeal: ['remindAppeal'],
  close: ['remindResubmission', 'remindAppeal'],
};

/**
 * The milestone to act on at `now`: the earliest that has passed and that no other passed one makes pointless.
 * @returns the milestone, and the keys of all that are done with it; null when nothing has passed
 */
export function nextDue(milestones: Milestone[], now: string): { milestone: Milestone; keys: string[] } | null {
  const passed = milestones.filter(({ at }) => at <= now);
  const isPointless = ({ purpose }: Milestone, index: number) =>
    passed.some(
      (other, at) => supersedes[other.purpose].includes(purpose) && (other.purpose !== purpose || at > index),
    );
  const acting = passed.find((milestone, index) => !isPointless(milestone, index));
  if (!acting) return null;
  const done = passed.filter(
    (milestone) => milestone === acting || supersedes[acting.purpose].includes(milestone.purpose),
  );
  return { milestone: acting, keys: done.map(({ key }) => key) };
}
