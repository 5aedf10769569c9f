import { workflowInfo } from '@temporalio/workflow';
import type { AccreditationStart, ApplicationStart } from '../activities/contract.ts';
import { type ApplicationState, awaiting, type CaseEvent, transition } from '../domain/application.ts';
import { shanghaiDate } from '../domain/dates.ts';
import type { Schedule } from '../domain/milestones.ts';
import type { Change, TimelineEntry } from '../domain/timeline.ts';
import { type HandOver, nothingToHandOver } from './hand-over.ts';
import type { Progress } from './messages.ts';

/** What a case carries over when its workflow continues as new. */
export interface CarriedCase {
  /** The accreditation that hears how the renewal ends. */
  renews?: AccreditationStart | undefined;
  sequence: number;
  timeline: Progress['timeline'];
  published: Case['published'];
}

/**
 * A case in the memory of its workflow: the state, and the changes that are decided but not recorded yet.
 * Handlers change it synchronously; the main loop carries out what follows.
 */
export interface Case {
  readonly start: ApplicationStart;
  state: ApplicationState;
  /** Number of the last change decided, and of the last one recorded. */
  sequence: number;
  recorded: number;
  pending: Change[];
  schedule: Schedule;
  /** What the search attributes say. */
  published: { status: string; dueAt: string | null; level: number };
  timeline: Progress['timeline'];
  /** Messages that came in during this run. */
  messagesReceived: number;
  handing: HandOver;
  /** The insurance core is being asked. */
  asking: boolean;
  /** The accreditation that hears how this renewal ends. */
  renews: AccreditationStart | undefined;
}

const nothingAhead: Schedule = {
  dueOn: null,
  dueAt: null,
  provisional: false,
  workingDaysLeft: null,
  windowEndsOn: null,
  appealUntil: null,
  milestones: [],
};

export function openCase(start: ApplicationStart, carried: CarriedCase = newCase(start)): Case {
  return {
    start,
    state: start.state,
    sequence: carried.sequence,
    recorded: carried.sequence,
    pending: [],
    schedule: nothingAhead,
    published: carried.published,
    timeline: carried.timeline,
    messagesReceived: 0,
    handing: nothingToHandOver(),
    asking: false,
    renews: carried.renews,
  };
}

/** As `applicationOptions` shows it at the start. */
function newCase({ state }: ApplicationStart): CarriedCase {
  return { sequence: 0, timeline: [], published: { status: state.status, dueAt: null, level: 0 } };
}

/** The workflow's clock. */
export function now(): string {
  return new Date().toISOString();
}

/**
 * Applies an event to a case, and adds the entry that tells of it.
 * @returns the change's sequence, or null where the event doesn't fit the state; nothing has changed then
 */
export function applyEvent(kase: Case, event: CaseEvent, entry: Omit<TimelineEntry, 'at'>): number | null {
  const state = transition(kase.state, event, shanghaiDate(now()));
  return state && addChange(kase, state, entry);
}

/** Entries that the query and the Updates answer, the latest ones; the store has all. */
const SHOWN_ENTRIES = 100;

/** Adds a change to those that the main loop will record. */
export function addChange(kase: Case, state: ApplicationState, entry: Omit<TimelineEntry, 'at'>): number {
  const at = now();
  const sequence = kase.sequence + 1;
  if (state.round > kase.state.round) kase.timeline = [];
  if (kase.timeline.length >= SHOWN_ENTRIES) kase.timeline = kase.timeline.slice(1);
  kase.timeline.push({ sequence, at, kind: entry.kind, by: entry.by, via: entry.via });
  kase.pending.push({ sequence, entry: { at, ...entry }, state });
  kase.state = state;
  kase.sequence = sequence;
  return sequence;
}

/** What the case answers to those who ask. */
export function progressOf({ start, state, schedule, timeline }: Case): Progress {
  return {
    acceptanceNumber: start.acceptanceNumber,
    status: state.status,
    round: state.round,
    acceptedOn: state.ledger.acceptedOn,
    dueOn: schedule.dueOn,
    provisional: schedule.provisional,
    escalationLevel: state.escalationLevel,
    assignee: state.assignee,
    awaiting: awaiting(state, schedule),
    timeline,
  };
}

/** Messages a run may receive before it continues as new; Temporal ends a run at 2,000 updates or 10,000 signals. */
const MESSAGES_PER_RUN = 500;

/** Whether this run has become long enough to go on in a new one. */
export function isLong(kase: Case): boolean {
  return workflowInfo().continueAsNewSuggested || kase.messagesReceived >= MESSAGES_PER_RUN;
}
