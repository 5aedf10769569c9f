/** An absence (不在岗) of a reviewer: Shanghai dates, both included, and who takes over (接替人). */
export interface Absence {
  staffId: string;
  from: string;
  until: string;
  to: string;
}

/** What became of the cases of somebody absent. */
export interface Handover {
  handedOver: number;
  /** Cases that stay where they are until a supervisor gives them to somebody else, and why: who takes over may not decide on them. */
  left: { acceptanceNumber: string; objection: string }[];
}

/** Whether somebody is absent on a date. */
export function isAbsentOn({ from, until }: Pick<Absence, 'from' | 'until'>, date: string): boolean {
  return from <= date && date <= until;
}

/** What speaks against an absence as it is entered. */
export type AbsenceProblem =
  /** Its last day comes before its first. */
  | 'endsTooEarly'
  /** It is over already. */
  | 'over'
  /** Who takes over reviews nothing. */
  | 'notAReviewer'
  /** Nobody takes over from themself. */
  | 'samePerson'
  /** Who takes over is absent in that time too. */
  | 'absentToo';

/**
 * @param entered `period` or `to` is left out where it can't be read; nothing is said of it then
 * @param today Shanghai date
 * @param reviewers ids of those who may be in charge of a case
 * @param standing the absences that were entered so far
 */
export function absenceProblems(
  {
    staffId,
    period,
    to,
  }: { staffId: string; period?: Pick<Absence, 'from' | 'until'> | undefined; to?: string | undefined },
  today: string,
  reviewers: string[],
  standing: Absence[],
): AbsenceProblem[] {
  const problems: AbsenceProblem[] = [];
  if (period && period.until < period.from) problems.push('endsTooEarly');
  else if (period && period.until < today) problems.push('over');
  if (to === undefined) return problems;
  if (!reviewers.includes(to)) problems.push('notAReviewer');
  if (to === staffId) problems.push('samePerson');
  else if (period && standing.some((other) => other.staffId === to && overlap(other, period)))
    problems.push('absentToo');
  return problems;
}

function overlap(one: Pick<Absence, 'from' | 'until'>, other: Pick<Absence, 'from' | 'until'>): boolean {
  return one.from <= other.until && other.from <= one.until;
}

/**
 * Who takes over on a date: the one who was named, or whoever takes over from them where they have become absent too.
 * @param standing the absences that were entered so far
 */
export function takerOn(date: string, to: string, standing: Absence[]): string {
  const next = standing.find((absence) => absence.staffId === to && isAbsentOn(absence, date));
  // Each absence is followed once, so that two who name each other end the search.
  return next
    ? takerOn(
        date,
        next.to,
        standing.filter((one) => one !== next),
      )
    : to;
}
