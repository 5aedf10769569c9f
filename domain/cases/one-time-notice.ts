import { deadline } from '../calendar/deadline.ts';
import type { Calendar } from '../calendar/working-days.ts';
import type { MaterialKind } from '../vocabulary.ts';
import { type Clocks, countedLedger } from './clocks.ts';
import type { ApplicationState } from './state.ts';

/**
 * 一次性告知 (行政许可法第 32 条 by analogy): the applicant is told everything that is missing in one go, within a few working
 * days. Of `kinds`, returns those that were missing at the first request of this round already but weren't named then:
 * only a supervisor may still ask for them, with a reason. What was named, or was handed in since, may be asked for
 * again.
 */
export function belatedKinds({ notified }: Pick<ApplicationState, 'notified'>, kinds: MaterialKind[]): MaterialKind[] {
  return notified ? kinds.filter((kind) => !notified.includes(kind)) : [];
}

/** The next request is the first of its round, and has to name all that is missing. */
export function isFirstRequest({ notified }: Pick<ApplicationState, 'notified'>): boolean {
  return notified === null;
}

/**
 * The state by which a request is judged that is made today. One that replaces the round's first request on the day of
 * that is the first one still: a slip is put right before anybody can have acted on it. Later, what it adds wasn't named
 * in one go.
 * @param today Shanghai date
 */
export function judgedBy<State extends ApplicationState>(state: State, today: string): State {
  const { notified, status, windowOpenedOn, ledger } = state;
  const asked = ledger.pauses.filter((pause) => pause.for !== 'verification').length;
  const isFirst = status === 'awaitingMaterials' && windowOpenedOn === today && asked === 1;
  return notified && isFirst ? { ...state, notified: null } : state;
}

/**
 * 一次性告知: a first request is late when it comes after the policy's number of working days since the acceptance. Days on
 * which the clock stood still don't count.
 * @param requestedOn Shanghai date
 */
export function isLateFirstRequest(
  state: ApplicationState,
  requestedOn: string,
  clocks: Clocks,
  calendar: Calendar,
): boolean {
  const { enabled, workingDays } = clocks.oneTimeNotice;
  const last = deadline({ ...countedLedger(state, clocks), workingDays }, calendar).dueOn;
  return enabled && last !== null && requestedOn > last;
}
