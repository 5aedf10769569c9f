import type { Ledger, Pause } from '../calendar/deadline.ts';
import type { MaterialKind, RefusalReason, Status } from '../vocabulary.ts';
import { awaitsSecondApproval } from './awaiting.ts';
import { crossesAnother } from './crossing.ts';
import type { Material } from './materials.ts';
import type { Message, Messages } from './messages.ts';
import { decisions } from './reviewing.ts';
import type { ApplicationState } from './state.ts';

/** What moves a case: a message somebody sent, or an event of the case itself. */
export type CaseEvent =
  | Message
  | { name: 'accept' }
  /** 不予受理: the insurance core says that the person isn't eligible. */
  | { name: 'refuse'; reasons: RefusalReason[] }
  /** The insurance core has registered the approval, or refuses to: then the decision is taken back. */
  | { name: 'register' }
  | { name: 'refuseRegistration' }
  | { name: 'lapse' }
  | { name: 'missVerification' }
  | { name: 'close' }
  | { name: 'escalate'; level: number };
export type EventName = CaseEvent['name'];

/** The statuses before a decision: what happens in them may leave the status as it is. */
const undecided = {
  submitted: 'submitted',
  underReview: 'underReview',
  awaitingMaterials: 'awaitingMaterials',
  awaitingVerification: 'awaitingVerification',
} as const;
/** The same of every case that isn't over. */
const notOver = { ...undecided, approved: 'approved', rejected: 'rejected' } as const;

/**
 * The transitions, as one table: event → status it is possible in → status it leads to.
 * `close` ends the time in which a rejected applicant may resubmit or appeal; the status stays. Where two have to
 * approve, the first approval leaves the case under review. A decided case can still be assigned, since it can come
 * back to its reviewer: by a resubmission, or where the insurance core refuses to register it.
 */
export const transitions: Record<EventName, Partial<Record<Status, Status>>> = {
  accept: { submitted: 'underReview' },
  refuse: { submitted: 'refused' },
  approve: { underReview: 'approved' },
  reject: { underReview: 'rejected' },
  requestMaterials: { underReview: 'awaitingMaterials', awaitingMaterials: 'awaitingMaterials' },
  requestVerification: { underReview: 'awaitingVerification' },
  recordVerification: { awaitingVerification: 'underReview' },
  resubmit: { awaitingMaterials: 'underReview', rejected: 'underReview' },
  appeal: { rejected: 'underReview' },
  withdraw: {
    submitted: 'withdrawn',
    underReview: 'withdrawn',
    awaitingMaterials: 'withdrawn',
    awaitingVerification: 'withdrawn',
  },
  assign: notOver,
  releaseClaims: notOver,
  escalate: undecided,
  register: { approved: 'approved' },
  refuseRegistration: { approved: 'underReview' },
  lapse: { awaitingMaterials: 'lapsed' },
  missVerification: { awaitingVerification: 'underReview' },
  close: { rejected: 'rejected' },
  calendarChanged: notOver,
};

/** A case ends as soon as it has one of these; what is approved ends once it is registered. */
const endStatuses: ReadonlySet<Status> = new Set(['refused', 'lapsed', 'withdrawn']);

/**
 * The state after an event, or null where the event doesn't fit the state.
 * @param today Shanghai date on which the event happens
 */
export function transition(state: ApplicationState, event: CaseEvent, today: string): ApplicationState | null {
  const status = transitions[event.name][state.status];
  if (status === undefined || state.closed) return null;
  const next = { ...taken(handedInBy(state, event), event), status, closed: endStatuses.has(status) };
  switch (event.name) {
    case 'approve':
      // After the first of two approvals nobody is in charge any more, so that the second reviewer finds the case.
      return awaitsSecondApproval(state)
        ? { ...next, status: state.status, firstApproval: event.payload.by, assignee: null }
        : afterWindow(next);
    case 'requestMaterials':
      return crossesAnother(state, event.payload) ? null : requested(state, next, event.payload, today);
    case 'requestVerification':
      return {
        ...next,
        firstApproval: null,
        windowOpenedOn: today,
        ledger: stopClock(state.ledger, { from: today, to: null, for: 'verification' }),
      };
    case 'recordVerification':
      return {
        ...afterWindow(next),
        ledger: runClock(state.ledger, today),
        verified: event.payload.passed,
        verifiedBy: event.payload.by,
      };
    case 'missVerification':
      return { ...afterWindow(next), ledger: runClock(state.ledger, today) };
    case 'reject':
      return { ...next, windowOpenedOn: today };
    case 'resubmit':
      return state.status === 'rejected'
        ? { ...newRound(next, today), ...withUnseen(state, event.payload.materials) }
        : {
            ...afterWindow(next),
            ...withUnseen(state, event.payload.materials),
            ledger: runClock(state.ledger, today),
            ...withNotified(state, event.payload.materials.map(kindOf)),
          };
    case 'appeal':
      return {
        ...newRound(next, today),
        ...withUnseen(state, event.payload.materials ?? []),
        ...{ appealed: true, barred: state.reviewers, assignee: null },
      };
    case 'calendarChanged':
      return { ...next, calendarVersion: event.payload.version };
    case 'assign':
      return { ...next, assignee: event.payload.to };
    case 'escalate':
      return { ...next, escalationLevel: Math.max(state.escalationLevel, event.level) };
    case 'releaseClaims':
      return next;
    case 'refuseRegistration':
      return { ...next, firstApproval: null };
    case 'register':
    case 'close':
      return { ...afterWindow(next), closed: true };
    default:
      return afterWindow(next);
  }
}

/** Whoever hands something in for the applicant has to do with the case from then on. */
function handedInBy(state: ApplicationState, event: CaseEvent): ApplicationState {
  if (event.name !== 'resubmit' && event.name !== 'appeal') return state;
  return { ...state, filedBy: [...new Set([...state.filedBy, event.payload.by])] };
}

/**
 * Whoever decides, or has seen the originals, has taken part from then on. Whoever decides on a case that nobody is in
 * charge of takes charge of it.
 */
function taken(state: ApplicationState, event: CaseEvent): ApplicationState {
  if (!takesPart(event)) return state;
  const { by } = event.payload;
  const assignee = event.name === 'recordVerification' ? state.assignee : (state.assignee ?? by);
  return { ...state, assignee, reviewers: [...new Set([...state.reviewers, by])] };
}

function takesPart(event: CaseEvent): event is Message & { payload: { by: string } } {
  return [...decisions, 'recordVerification'].some((name) => name === event.name);
}

/** A request that replaces one leaves its window and the clock as they are: the applicant was given that time. */
function requested(
  state: ApplicationState,
  next: ApplicationState,
  { items }: Messages['requestMaterials'],
  today: string,
): ApplicationState {
  const kinds = items.map(kindOf);
  const asked = {
    ...next,
    requests: state.requests + 1,
    requestedKinds: [...new Set(kinds)],
    ...withNotified(state, kinds),
  };
  if (state.status === 'awaitingMaterials') return asked;
  return {
    ...asked,
    firstApproval: null,
    supplements: state.supplements + 1,
    windowOpenedOn: today,
    ledger: stopClock(state.ledger, { from: today, to: null }),
  };
}

/** Papers whose originals nobody has seen yet have to be seen (线下核验), whatever was seen before. */
function withUnseen(
  { verified, verifiedBy }: ApplicationState,
  handedIn: Material[],
): Pick<ApplicationState, 'verified' | 'verifiedBy'> {
  const unseen = handedIn.some(({ originalSeen }) => !originalSeen);
  return unseen ? { verified: null, verifiedBy: null } : { verified, verifiedBy };
}

function kindOf({ kind }: { kind: MaterialKind }): MaterialKind {
  return kind;
}

function withNotified({ notified }: ApplicationState, kinds: MaterialKind[]): Pick<ApplicationState, 'notified'> {
  return notified === undefined ? {} : { notified: [...new Set([...(notified ?? []), ...kinds])] };
}

function afterWindow(state: ApplicationState): ApplicationState {
  return { ...state, windowOpenedOn: null, requestedKinds: [] };
}

/** A resubmission after a rejection is reviewed afresh, with a clock of its own that starts that day. */
function newRound(state: ApplicationState, today: string): ApplicationState {
  const ledger = { ...state.ledger, acceptedOn: today, pauses: [] };
  const round = { round: state.round + 1, ledger, escalationLevel: 0, fired: [], firstApproval: null };
  const notified = state.notified === undefined ? {} : { notified: null };
  return { ...afterWindow(state), ...round, ...notified };
}

function stopClock(ledger: Ledger, pause: Pause): Ledger {
  return { ...ledger, pauses: [...ledger.pauses, pause] };
}

function runClock(ledger: Ledger, today: string): Ledger {
  return { ...ledger, pauses: ledger.pauses.map((pause) => (pause.to === null ? { ...pause, to: today } : pause)) };
}
