import type { Status } from '../vocabulary.ts';

/** The dates (Shanghai) that the people of a case reckon with: the office's, and the end of the applicant's window. */
export interface CaseDates {
  dueOn: string | null;
  windowEndsOn: string | null;
}

/** A case's dates; a decided one has no due date any more, whatever its ledger says. */
export function datesOf({ status }: { status: Status }, { dueOn, windowEndsOn }: CaseDates): CaseDates {
  return { dueOn: status === 'rejected' || status === 'approved' ? null : dueOn, windowEndsOn };
}

interface Move {
  from: string;
  to: string;
}

/** What a changed calendar did to a case's dates; a date that stays, or that isn't there on both sides, is left out. */
export type Moves = Partial<Record<keyof CaseDates, Move>>;

/** @param announced the dates that the people of the case were told last */
export function movesOf(announced: CaseDates, current: CaseDates): Moves {
  const move = (from: string | null, to: string | null) => (from && to && from !== to ? { from, to } : null);
  const dueOn = move(announced.dueOn, current.dueOn);
  const windowEndsOn = move(announced.windowEndsOn, current.windowEndsOn);
  return { ...(dueOn ? { dueOn } : {}), ...(windowEndsOn ? { windowEndsOn } : {}) };
}

/** Whether one of the dates now comes earlier: such a case has to hear of it first. */
export function movesEarlier(moves: Moves): boolean {
  return Object.values(moves).some(({ from, to }) => to < from);
}
