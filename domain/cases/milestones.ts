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
  /** Working days left (remindReviewer) or gone by (remindNotice), rung (escalate) or days left (the applicant's reminders). */
  value: number;
}

/** @param request tells the milestones of one request to the applicant from those of the next */
export function milestone(purpose: Purpose, value: number, at: string, request = ''): Milestone {
  return { at, purpose, key: `${purpose}:${value}${request}`, value };
}

/** What a milestone makes pointless when both have passed: a case that wakes up late is told the latest thing only. */
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
 * @returns it, and the keys of all that are done with it; null when nothing has passed
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
