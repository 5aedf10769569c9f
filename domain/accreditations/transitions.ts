import type { AccreditationStatus } from '../vocabulary.ts';
import type { AccreditationMessage, AccreditationMessages } from './messages.ts';
import type { AccreditationState } from './state.ts';

export type AccreditationEvent = AccreditationMessage | { name: 'end' } | { name: 'close' } | { name: 'coreInformed' };

/** event → status it is possible in → status it leads to; what keeps a status may still change dates. */
const accreditationTransitions: Record<
  AccreditationEvent['name'],
  Partial<Record<AccreditationStatus, AccreditationStatus>>
> = {
  renewalFiled: { active: 'active', ended: 'ended' },
  renewalEnded: { active: 'active', ended: 'ended' },
  renewed: { active: 'active', ended: 'active' },
  institutionChanged: { active: 'active' },
  revoke: { active: 'revoked', ended: 'revoked' },
  end: { active: 'ended' },
  close: { ended: 'ended' },
  coreInformed: { revoked: 'revoked' },
};

/**
 * The state after an event, or null where the event doesn't fit the state or was heard before.
 * @param today Shanghai date on which the event happens
 */
export function accreditationAfter(
  state: AccreditationState,
  event: AccreditationEvent,
  today: string,
): AccreditationState | null {
  const status = accreditationTransitions[event.name][state.status];
  if (status === undefined || state.closed) return null;
  if ('payload' in event && hasHeard(state, event)) return null;
  const next = { ...state, status };
  switch (event.name) {
    case 'renewalFiled':
      return withRenewal(next, event.payload);
    case 'renewalEnded':
      return withoutRenewal(next, today);
    case 'renewed':
      return renewed(next, event.payload);
    case 'institutionChanged':
      return { ...next, changedBy: event.payload.acceptanceNumber };
    case 'revoke':
      return { ...next, renewal: null, owesCore: true };
    case 'end':
      return state.renewal?.inTime ? null : next;
    case 'close':
      return state.renewal ? null : { ...next, closed: true };
    case 'coreInformed':
      return { ...next, owesCore: false, closed: true };
  }
}

/**
 * Whether an application's message was heard before. Senders can't always know whether a message has arrived,
 * so they send it again.
 */
export function hasHeard(state: AccreditationState, { name, payload }: AccreditationMessage): boolean {
  switch (name) {
    case 'renewalFiled':
      return [state.renewal?.acceptanceNumber, state.renewedBy, state.notRenewedBy].includes(payload.acceptanceNumber);
    case 'renewalEnded':
      return state.renewal?.acceptanceNumber !== payload.acceptanceNumber;
    case 'renewed':
      return state.renewedBy === payload.acceptanceNumber;
    case 'institutionChanged':
      return state.changedBy === payload.acceptanceNumber;
    case 'revoke':
      return false;
  }
}

/** Filed by the last day: the benefit then goes on until the renewal is decided. */
function withRenewal(
  state: AccreditationState,
  { acceptanceNumber, filedOn }: AccreditationMessages['renewalFiled'],
): AccreditationState | null {
  // A person has one renewal open at a time: of an earlier one the end just hasn't been heard yet.
  if (state.validUntil === null) return null;
  const inTime = filedOn <= state.validUntil;
  // Filed in time, but accepted after the end, because the insurance core was down.
  return { ...state, status: inTime ? 'active' : state.status, renewal: { acceptanceNumber, inTime } };
}

/** Not renewed. An accreditation past its end lasted only until the renewal was decided, so it ends now. */
function withoutRenewal(state: AccreditationState, today: string): AccreditationState {
  const over = state.validUntil !== null && today > state.validUntil;
  const notRenewedBy = state.renewal?.acceptanceNumber ?? null;
  return { ...state, renewal: null, notRenewedBy, status: over ? 'ended' : state.status };
}

/** A new period, in which no reminder has been sent yet. */
function renewed(
  state: AccreditationState,
  { acceptanceNumber, validFrom, validUntil }: AccreditationMessages['renewed'],
): AccreditationState {
  return { ...state, validFrom, validUntil, renewal: null, renewedBy: acceptanceNumber, fired: [] };
}
