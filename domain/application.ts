import type { Ledger } from './deadline.ts';
import type { MaterialKind } from './materials.ts';
import type { Message } from './messages.ts';

/** Status of an application (办理状态). Being overdue is a fact about a case (`escalationLevel`), not a status. */
export const statuses = [
  'submitted',
  'refused',
  'underReview',
  'awaitingMaterials',
  'awaitingVerification',
  'approved',
  'rejected',
  'lapsed',
  'withdrawn',
] as const;
export type Status = (typeof statuses)[number];

export const applicationTypes = ['new', 'renewal', 'changeInstitution'] as const;
export type ApplicationType = (typeof applicationTypes)[number];

/** Where an application comes from (申请渠道). */
export const channels = ['scApp', 'pzhMiniProgram', 'nationalApp', 'window'] as const;
export type Channel = (typeof channels)[number];

/** What a case is, as far as its workflow is concerned: no personal data, no health data. */
export interface ApplicationState {
  status: Status;
  /** Counts from 1; a resubmission after a rejection begins the next. */
  round: number;
  ledger: Ledger;
  /** 0 in time; the rung of the ladder that was reached in this round. */
  escalationLevel: number;
  assignee: string | null;
  /** How often materials were requested so far; tells the reminders of one request from those of the next. */
  supplements: number;
  /** Shanghai date on which the applicant's present window (supplement, resubmission) opened. */
  windowOpenedOn: string | null;
  /** The kinds that the applicant owes. */
  requestedKinds: MaterialKind[];
  /** Keys of the milestones that fired in this round. */
  fired: string[];
  /** Nothing can happen any more: the workflow ends. */
  closed: boolean;
  /** Version of the calendar that the case heard of last; missing until then. */
  calendarVersion?: number;
}

/** What moves a case: a message somebody sent, or an event of the case itself. */
export type CaseEvent =
  | Message
  | { name: 'accept' }
  | { name: 'lapse' }
  | { name: 'close' }
  | { name: 'escalate'; level: number };
export type EventName = CaseEvent['name'];

/**
 * The transitions, as one table: event → status it is possible in → status it leads to.
 * `close` ends the time in which a rejected applicant may resubmit; the status stays.
 */
export const transitions: Record<EventName, Partial<Record<Status, Status>>> = {
  accept: { submitted: 'underReview' },
  approve: { underReview: 'approved' },
  reject: { underReview: 'rejected' },
  requestMaterials: { underReview: 'awaitingMaterials' },
  resubmit: { awaitingMaterials: 'underReview', rejected: 'underReview' },
  withdraw: { submitted: 'withdrawn', underReview: 'withdrawn', awaitingMaterials: 'withdrawn' },
  assign: { submitted: 'submitted', underReview: 'underReview', awaitingMaterials: 'awaitingMaterials' },
  escalate: { underReview: 'underReview', awaitingMaterials: 'awaitingMaterials' },
  lapse: { awaitingMaterials: 'lapsed' },
  close: { rejected: 'rejected' },
  calendarChanged: {
    submitted: 'submitted',
    underReview: 'underReview',
    awaitingMaterials: 'awaitingMaterials',
    rejected: 'rejected',
  },
};

const endStatuses: ReadonlySet<Status> = new Set(['refused', 'approved', 'lapsed', 'withdrawn']);

/** A case as it is at the moment of submission. */
export function submittedApplication(ledger: Ledger): ApplicationState {
  return {
    status: 'submitted',
    round: 1,
    ledger,
    escalationLevel: 0,
    assignee: null,
    supplements: 0,
    windowOpenedOn: null,
    requestedKinds: [],
    fired: [],
    closed: false,
  };
}

/**
 * The state after an event, or null where the event doesn't fit the state.
 * @param today Shanghai date on which the event happens
 */
export function transition(state: ApplicationState, event: CaseEvent, today: string): ApplicationState | null {
  const status = transitions[event.name][state.status];
  if (status === undefined || state.closed) return null;
  const next = { ...state, status, closed: endStatuses.has(status) };
  switch (event.name) {
    case 'requestMaterials':
      return {
        ...next,
        supplements: state.supplements + 1,
        windowOpenedOn: today,
        requestedKinds: [...new Set(event.payload.items.map((item) => item.kind))],
        ledger: stopClock(state.ledger, today),
      };
    case 'reject':
      return { ...next, windowOpenedOn: today };
    case 'resubmit':
      return state.status === 'rejected'
        ? newRound(next, today)
        : { ...afterWindow(next), ledger: runClock(state.ledger, today) };
    case 'calendarChanged':
      return { ...next, calendarVersion: event.payload.version };
    case 'assign':
      return { ...next, assignee: event.payload.to };
    case 'escalate':
      return { ...next, escalationLevel: Math.max(state.escalationLevel, event.level) };
    case 'close':
      return { ...afterWindow(next), closed: true };
    default:
      return afterWindow(next);
  }
}

function afterWindow(state: ApplicationState): ApplicationState {
  return { ...state, windowOpenedOn: null, requestedKinds: [] };
}

/** A resubmission after a rejection is reviewed afresh, with a clock of its own that starts that day. */
function newRound(state: ApplicationState, today: string): ApplicationState {
  const ledger = { ...state.ledger, acceptedOn: today, pauses: [] };
  return { ...afterWindow(state), round: state.round + 1, ledger, escalationLevel: 0, fired: [] };
}

function stopClock(ledger: Ledger, today: string): Ledger {
  return { ...ledger, pauses: [...ledger.pauses, { from: today, to: null }] };
}

function runClock(ledger: Ledger, today: string): Ledger {
  return { ...ledger, pauses: ledger.pauses.map((pause) => (pause.to === null ? { ...pause, to: today } : pause)) };
}

/** Who has to act next: the office on a decision, or the applicant, on what and until when (Shanghai date). */
export interface Awaiting {
  what: 'decision' | 'materials' | 'resubmission';
  kinds?: MaterialKind[];
  until?: string;
}

/** @param windowEndsOn last day of the applicant's present window */
export function awaiting(state: ApplicationState, windowEndsOn: string | null): Awaiting | null {
  const until = windowEndsOn ? { until: windowEndsOn } : {};
  if (state.closed) return null;
  if (state.status === 'underReview') return { what: 'decision' };
  if (state.status === 'awaitingMaterials') return { what: 'materials', kinds: state.requestedKinds, ...until };
  return state.status === 'rejected' ? { what: 'resubmission', ...until } : null;
}
