/**
 * An absence (不在岗) of a reviewer: Shanghai dates, both included, and who takes over (接替人). One without an end is a
 * departure (离岗): they were retired, or review nothing any more.
 */
export interface Absence {
  staffId: string;
  from: string;
  until: string | null;
  /** Null: the cases are given back, and nobody is in charge. */
  to: string | null;
}

type Period = Pick<Absence, 'from' | 'until'>;

/** What became of the cases of somebody absent. */
export interface Handover {
  handedOver: number;
  /**
   * Cases that stay where they are until a supervisor gives them to somebody else, and why: whoever takes over may not
   * decide on them.
   */
  left: { acceptanceNumber: string; objection: string }[];
}

/** Whether somebody is absent on a date. */
export function isAbsentOn({ from, until }: Period, date: string): boolean {
  return from <= date && !isOver({ until }, date);
}

/** Whether an absence is over on a date; a departure never is. */
export function isOver({ until }: Pick<Period, 'until'>, date: string): boolean {
  return until !== null && until < date;
}

/** What speaks against an absence as it is entered. */
export type AbsenceProblem =
  /** Its last day comes before its first. */
  | 'endsTooEarly'
  /** It is over already. */
  | 'over'
  /** Who takes over reviews nothing. */
  | 'notAReviewer'
  /** Who takes over is the absent person. */
  | 'samePerson'
  /** Who takes over is absent in that time too. */
  | 'absentToo';

/** An absence as far as its fields can be read; nothing is said about those that can't. */
export interface EnteredAbsence {
  staffId: string;
  period?: Period | undefined;
  to?: string | undefined;
}

/**
 * @param today Shanghai date
 * @param reviewers ids of those who may be in charge of a case
 * @param standing the absences that were entered so far
 */
export function absenceProblems(
  { staffId, period, to }: EnteredAbsence,
  today: string,
  reviewers: string[],
  standing: Absence[],
): AbsenceProblem[] {
  const problems: AbsenceProblem[] = [];
  if (period && isOver(period, period.from)) problems.push('endsTooEarly');
  else if (period && isOver(period, today)) problems.push('over');
  if (to === undefined) return problems;
  if (!reviewers.includes(to)) problems.push('notAReviewer');
  if (to === staffId) problems.push('samePerson');
  else if (period && standing.some((absence) => absence.staffId === to && overlap(absence, period)))
    problems.push('absentToo');
  return problems;
}

function overlap(first: Period, second: Period): boolean {
  return !isOver(second, first.from) && !isOver(first, second.from);
}

/**
 * Who takes over on a date: the one who was named, or whoever takes over from them where they have become absent too.
 * @param standing the absences that were entered so far
 * @returns null where nobody was named
 */
export function takerOn(date: string, to: string | null, standing: Absence[]): string | null {
  const next = standing.find((absence) => absence.staffId === to && isAbsentOn(absence, date));
  if (!next) return to;
  // Each absence is followed once, so that two who name each other end the search.
  const others = standing.filter((absence) => absence !== next);
  return takerOn(date, next.to, others);
}
