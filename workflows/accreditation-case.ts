import type { AccreditationStart } from '../activities/contract.ts';
import {
  type AccreditationEvent,
  type AccreditationMilestone,
  type AccreditationState,
  accreditationAfter,
} from '../domain/accreditation.ts';
import type {
  AccreditationChange,
  AccreditationEntry,
  AccreditationEntryKind,
} from '../domain/accreditation-timeline.ts';
import { shanghaiDate } from '../domain/dates.ts';
import { type HandOver, nothingToHandOver } from './hand-over.ts';

/** An accreditation in the memory of its workflow, as `Case` is for an application. */
export interface Accreditation {
  readonly id: string;
  state: AccreditationState;
  sequence: number;
  recorded: number;
  pending: AccreditationChange[];
  milestones: AccreditationMilestone[];
  handing: HandOver;
  /** The period with which this run began: the next one is a run of its own. */
  readonly since: string;
  messagesReceived: number;
}

export function openAccreditation({ accreditationId: id, state, sequence }: AccreditationStart): Accreditation {
  const begun = { sequence, recorded: sequence, pending: [], milestones: [], messagesReceived: 0 };
  return { id, state, ...begun, handing: nothingToHandOver(), since: state.validFrom };
}

type NewEntry = Omit<AccreditationEntry, 'at'>;

export function byItself(kind: AccreditationEntryKind, detail: AccreditationEntry['detail'] = {}): NewEntry {
  return { kind, by: 'system', via: 'system', detail };
}

/** @returns the change's sequence, or null where the event doesn't fit the state; nothing has changed then */
export function applyAccreditationEvent(one: Accreditation, event: AccreditationEvent, entry: NewEntry): number | null {
  const state = accreditationAfter(one.state, event, shanghaiDate(new Date().toISOString()));
  return state && addAccreditationChange(one, state, entry);
}

/** Adds a change to those that the main loop will record. */
export function addAccreditationChange(one: Accreditation, state: AccreditationState, entry: NewEntry): number {
  one.sequence += 1;
  one.state = state;
  one.pending.push({ sequence: one.sequence, entry: { at: new Date().toISOString(), ...entry }, state });
  return one.sequence;
}
