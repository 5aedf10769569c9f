/** A notification that waits for the daily briefing (汇总邮件) of one of the staff. */
export interface BriefingNotification {
  id: string;
  /** Staff id of who was in charge of the case when it was written, or of a supervisor where nobody was. */
  recipient: string;
  /** Null where it isn't about a case. */
  acceptanceNumber: string | null;
  /** Of the change that it tells of. */
  sequence: number;
  purpose: string;
}

/** What has become of a case since its notifications were written. */
export interface BriefingCase {
  /** Shanghai date; null while the clock stands still. */
  dueOn: string | null;
  /** Instant. */
  submittedAt: string;
  escalationLevel: number;
  closed: boolean;
  /** Staff id; null while nobody is in charge, or it stays with somebody who has left. */
  assignee: string | null;
  /**
   * Sequence of the last change that left the case in another status than its present one; null where there is none.
   */
  otherStatusUntil: number | null;
}

/** The cases of some notifications, by acceptance number. */
export type BriefingCases = ReadonlyMap<string, BriefingCase>;

/**
 * The staff id of whoever is told a notification. That is who is in charge of the open case now, since only they can
 * act on it; otherwise it is the person to whom the notification was addressed.
 * Only notifications for who is in charge wait for a briefing (the policy's check sees to that), so the case alone
 * decides.
 */
export function readerOf({ acceptanceNumber, recipient }: BriefingNotification, cases: BriefingCases): string {
  const about = cases.get(acceptanceNumber ?? '');
  return about === undefined || about.closed ? recipient : (about.assignee ?? recipient);
}

/**
 * Sorts what a briefing tells, most urgent first, from what there is no use in telling any more. A notification is
 * overtaken when its case has ended or changed its status since (it was decided, or waits for the applicant), or when a
 * newer notification of the same purpose says how things are.
 * @param waiting all notifications that wait for one person
 * @param before those that the person was told already about the same cases
 */
export function sortBriefing<Waiting extends BriefingNotification>(
  waiting: Waiting[],
  cases: BriefingCases,
  before: BriefingNotification[] = [],
): { current: Waiting[]; overtaken: Waiting[] } {
  const overtaken = waiting.filter((notification) => {
    return hasMovedOn(notification, cases) || [...waiting, ...before].some((other) => saysItAnew(other, notification));
  });
  const left = waiting.filter((notification) => !overtaken.includes(notification));
  return { current: mostUrgentFirst(left, cases), overtaken };
}

function hasMovedOn({ acceptanceNumber, sequence }: BriefingNotification, cases: BriefingCases): boolean {
  const about = cases.get(acceptanceNumber ?? '');
  return about !== undefined && (about.closed || sequence <= (about.otherStatusUntil ?? -1));
}

function saysItAnew(newer: BriefingNotification, notification: BriefingNotification): boolean {
  const same = newer.acceptanceNumber === notification.acceptanceNumber && newer.purpose === notification.purpose;
  return same && newer.sequence > notification.sequence;
}

/**
 * In the order of the worklist, but with what is overdue before all else. Notifications about one case stay in the
 * order in which things happened.
 */
export function mostUrgentFirst<Waiting extends BriefingNotification>(
  notifications: Waiting[],
  cases: BriefingCases,
): Waiting[] {
  const rankOf = ({ acceptanceNumber, sequence }: Waiting) => {
    const about = cases.get(acceptanceNumber ?? '');
    const overdue = about !== undefined && about.escalationLevel > 0;
    const day = about?.dueOn ?? '9999-12-31';
    const number = String(sequence).padStart(6, '0');
    return [overdue ? '0' : '1', day, about?.submittedAt ?? '', acceptanceNumber ?? '', number].join(' ');
  };
  return notifications.toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
}
