import { type Calendar, isWorkingDay } from './calendar/working-days.ts';
import { addDays } from './dates.ts';
import type { Status } from './vocabulary.ts';

/** By what a supervisor looks at the office's work: 病种、渠道、申请类型、审核人. */
export const groupings = ['disease', 'channel', 'type', 'reviewer'] as const;
export type Grouping = (typeof groupings)[number];

/** Shanghai dates, both included. */
export interface Period {
  from: string;
  until: string;
}

/** Statuses of the cases that await a decision (在办). A rejected one that may still be resubmitted is decided. */
export const openStatuses = [
  'submitted',
  'underReview',
  'awaitingMaterials',
  'awaitingVerification',
] as const satisfies Status[];
type OpenStatus = (typeof openStatuses)[number];

/** Ages of open cases in working days since the acceptance, as they are shown; the last band has no end. */
export const ageBands = ['0-5', '6-10', '11-15', '16+'] as const;
export type AgeBand = (typeof ageBands)[number];
/** The last working day of each band that has an end. */
const bandEnds = [5, 10, 15];

/** How many requests for materials came before a decision. */
export const supplementCounts = ['0', '1', '2', '3+'] as const;

/**
 * What was done in a period, and what is open now (whatever the period): in all, or in a group. In the groups by
 * reviewer (审核人), a request for materials counts for whoever made it. Everything else of a round counts for whoever
 * decided it (with two reviewers the second), or, while it isn't decided, for who is in charge of it.
 */
export interface Figures {
  /** Applications submitted in the period. */
  filed: number;
  open: {
    total: number;
    /** Past the due date: escalated in the present round. */
    overdue: number;
    byStatus: Record<OpenStatus, number>;
    /**
     * By working days since the present round was accepted. That day isn't counted; days on which the clock stood still
     * are.
     */
    byAge: Record<AgeBand, number>;
  };
  /**
   * Rounds decided in the period. A decision that the insurance core refused to register was taken back, so it doesn't
   * count.
   */
  decided: {
    total: number;
    approved: number;
    rejected: number;
    /** Decided before the office closed on the due date: the round was never escalated. */
    onTime: number;
    /** `onTime` / `total`, 0 to 1 with four digits; null where nothing was decided. */
    onTimeRate: number | null;
    /**
     * Calendar days from the acceptance of the round to its decision, including the time it waited for the applicant;
     * null where nothing was decided.
     */
    medianDays: number | null;
    longestDays: number | null;
  };
  /** Ended in the period otherwise: 不予受理、补正逾期、撤回. */
  refused: number;
  lapsed: number;
  withdrawn: number;
  /** Escalations (超期上报) in the period: in all, and by level. */
  escalations: { total: number; byLevel: Record<string, number> };
  supplements: {
    /** Requests for materials (补正) in the period. */
    requests: number;
    /** The decided, by the number of requests in their round. */
    decidedAfter: Record<(typeof supplementCounts)[number], number>;
  };
  /**
   * Requests in the period that break the duty to say everything at once and in time (一次性告知). `late`: a first request
   * that came after the policy's days. `belated`: a later request for something that was missing at the first one
   * already.
   */
  breaches: { late: number; belated: number };
}

/**
 * A disease, a channel, a type, or a reviewer by their opaque id. Among reviewers, null stands for cases that nobody is
 * in charge of.
 */
export interface Group {
  by: Grouping;
  code: string | null;
}

/** So many of a measure in a group, or in all (code null). */
export interface Count {
  by: Grouping | 'total';
  code: string | null;
  /** Path of a figure, such as `decided.onTime`. */
  measure: string;
  n: number;
}

/** The figures of all together, and of each group that has any. @param levels how many the ladder has */
export function statistics(counts: Count[], levels: number): { total: Figures; groups: (Group & Figures)[] } {
  const countsOf = (by: Count['by'], code: string | null) =>
    counts.filter((count) => count.by === by && count.code === code);
  const groups = groupings.flatMap((by) => {
    const codes = new Set(counts.filter((count) => count.by === by).map(({ code }) => code));
    return [...codes].map((code) => ({ by, code, ...figures(countsOf(by, code), levels) }));
  });
  return { total: figures(countsOf('total', null), levels), groups };
}

function figures(counts: Count[], levels: number): Figures {
  const find = (measure: string) => counts.find((count) => count.measure === measure)?.n ?? null;
  const n = (measure: string) => find(measure) ?? 0;
  const each = <Key extends string>(measure: string, keys: readonly Key[]) =>
    Object.fromEntries(keys.map((key) => [key, n(`${measure}.${key}`)])) as Record<Key, number>;
  return {
    filed: n('filed'),
    open: {
      ...each('open', ['total', 'overdue']),
      byStatus: each('open.byStatus', openStatuses),
      byAge: each('open.byAge', ageBands),
    },
    decided: {
      ...each('decided', ['total', 'approved', 'rejected', 'onTime']),
      onTimeRate: rate(n('decided.onTime'), n('decided.total')),
      medianDays: find('decided.medianDays'),
      longestDays: find('decided.longestDays'),
    },
    refused: n('refused'),
    lapsed: n('lapsed'),
    withdrawn: n('withdrawn'),
    escalations: {
      total: n('escalations.total'),
      byLevel: each(
        'escalations.byLevel',
        Array.from({ length: levels }, (_, index) => String(index + 1)),
      ),
    },
    supplements: {
      requests: n('supplements.requests'),
      decidedAfter: each('supplements.decidedAfter', supplementCounts),
    },
    breaches: each('breaches', ['late', 'belated']),
  };
}

/** Rounded down, so that 1 means all. */
function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.floor((part * 10_000) / whole) / 10_000;
}

/** A band on a certain day, and the earliest Shanghai date of acceptance in it; null in the last. */
export interface DatedBand {
  band: AgeBand;
  since: string | null;
}

/** Which acceptances fall into which band, youngest first. @param today Shanghai date */
export function ageBandsOn(today: string, calendar: Calendar): DatedBand[] {
  return ageBands.map((band, index) => {
    const end = bandEnds[index];
    return { band, since: end === undefined ? null : earliestOfAge(today, end, calendar) };
  });
}

/** The earliest date after which no more than so many working days have come by `today`. */
function earliestOfAge(today: string, workingDays: number, calendar: Calendar): string {
  let day = today;
  for (let left = workingDays; ; day = addDays(day, -1)) {
    if (!isWorkingDay(calendar, day)) continue;
    if (left === 0) return day;
    left -= 1;
  }
}
