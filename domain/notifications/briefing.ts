/** A message that waits for the daily briefing (汇总邮件) of one of the staff. */
export interface BriefingMessage {
  id: string;
  /** Staff id of who was in charge of the case when it was written, or of a supervisor where nobody was. */
  recipient: string;
  /** Null where it isn't about a case. */
  acceptanceNumber: string | null;
  /** Of the change that it tells of. */
  sequence: number;
  purpose: string;
}

/** What has become of a case since its messages were written. */
export interface BriefingCase {
  /** Shanghai date; null while the clock stands still. */
  dueOn: string | null;
  /** Instant. */
  submittedAt: string;
  escalationLevel: number;
  closed: boolean;
  /** Staff id; null while nobody is in charge. */
  assignee: string | null;
  /**
   * Sequence of the last change that left the case in another status than its present one; null where there is none.
   */
  otherStatusUntil: number | null;
}

/** The cases of some messages, by acceptance number. */
export type BriefingCases = ReadonlyMap<string, BriefingCase>;

/**
 * The staff id of whoever is told a message. That is who is in charge of the open case now, since only they can
 * act on it; otherwise it is the person to whom the message was addressed.
 * Only messages for who is in charge wait for a briefing (the policy's check sees to that), so the case alone
 * decides.
 */
export function readerOf({ acceptanceNumber, recipient }: BriefingMessage, cases: BriefingCases): string {
  const about = cases.get(acceptanceNumber ?? '');
  return about === undefined || about.closed ? recipient : (about.assignee ?? recipient);
}

/**
 * Sorts what a briefing tells, most urgent first, from what there is no use in telling any more. A message is
 * overtaken when its case has ended or changed its status since (it was decided, or waits for the applicant), or when a
 * newer message of the same purpose says how things are.
 * @param waiting all messages that wait for one person
 * @param before those that the person was told already about the same cases
 */
export function sortBriefing<Waiting extends BriefingMessage>(
  waiting: Waiting[],
  cases: BriefingCases,
  before: BriefingMessage[] = [],
): { current: Waiting[]; overtaken: Waiting[] } {
  const overtaken = waiting.filter((message) => {
    return hasMovedOn(message, cases) || [...waiting, ...before].some((other) => saysItAnew(other, message));
  });
  const left = waiting.filter((message) => !overtaken.includes(message));
  return { current: mostUrgentFirst(left, cases), overtaken };
}

function hasMovedOn({ acceptanceNumber, sequence }: BriefingMessage, cases: BriefingCases): boolean {
  const about = cases.get(acceptanceNumber ?? '');
  return about !== undefined && (about.closed || sequence <= (about.otherStatusUntil ?? -1));
}

function saysItAnew(newer: BriefingMessage, message: BriefingMessage): boolean {
  const same = newer.acceptanceNumber === message.acceptanceNumber && newer.purpose === message.purpose;
  return same && newer.sequence > message.sequence;
}

/**
 * In the order of the worklist, but with what is overdue before all else. Messages about one case stay in the
 * order in which things happened.
 */
export function mostUrgentFirst<Waiting extends BriefingMessage>(messages: Waiting[], cases: BriefingCases): Waiting[] {
  const rankOf = ({ acceptanceNumber, sequence }: Waiting) => {
    const about = cases.get(acceptanceNumber ?? '');
    const overdue = about !== undefined && about.escalationLevel > 0;
    const day = about?.dueOn ?? '9999-12-31';
    const number = String(sequence).padStart(6, '0');
    return [overdue ? '0' : '1', day, about?.submittedAt ?? '', acceptanceNumber ?? '', number].join(' ');
  };
  return messages.toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
}
