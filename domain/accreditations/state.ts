import { addDays, addMonths, shanghaiInstant } from '../dates.ts';
import type { AccreditationStatus, RevocationCause } from '../vocabulary.ts';

/** What an approval has brought. Shanghai dates. */
export interface Registered {
  accreditationId: string;
  validFrom: string;
  validUntil: string | null;
}

/** What an accreditation is, as far as its workflow is concerned: no personal data, no health data. Shanghai dates, both included. */
export interface AccreditationState {
  status: AccreditationStatus;
  validFrom: string;
  /** Null where it doesn't end. */
  validUntil: string | null;
  /** A renewal (续期) that was accepted and isn't decided yet. */
  renewal: { acceptanceNumber: string; inTime: boolean } | null;
  /** The applications that changed it last, or came to nothing, so that hearing of one again changes nothing. */
  renewedBy: string | null;
  notRenewedBy: string | null;
  changedBy: string | null;
  /** Keys of the milestones that fired in this period. */
  fired: string[];
  /** A revocation that the insurance core doesn't know of yet. */
  owesCore: boolean;
  /** Nothing can happen any more: the workflow ends. */
  closed: boolean;
}

/** The messages that an accreditation understands, each an Update and a Signal; `by` as in an application's messages. */
export interface AccreditationMessages {
  renewalFiled: { acceptanceNumber: string; filedOn: string };
  renewalEnded: { acceptanceNumber: string };
  renewed: { acceptanceNumber: string; validFrom: string; validUntil: string | null };
  institutionChanged: { acceptanceNumber: string };
  revoke: { by: string; cause: RevocationCause; reason: string };
}
export type AccreditationMessageName = keyof AccreditationMessages;
export type AccreditationMessage = {
  [Name in AccreditationMessageName]: { name: Name; payload: AccreditationMessages[Name] };
}[AccreditationMessageName];

export type AccreditationEvent = AccreditationMessage | { name: 'end' } | { name: 'close' } | { name: 'coreInformed' };

/** event → status it is possible in → status it leads to; what keeps a status may still change dates. */
export const accreditationTransitions: Record<
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

/** An accreditation as it is granted. */
export function grantedAccreditation(validFrom: string, validUntil: string | null): AccreditationState {
  return {
    status: 'active',
    validFrom,
    validUntil,
    renewal: null,
    renewedBy: null,
    notRenewedBy: null,
    changedBy: null,
    fired: [],
    owesCore: false,
    closed: false,
  };
}

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

/** Whether an application's message was heard before: those who send one can't always know whether it has arrived, and send it again. */
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

/** Not renewed: what only went on because of it has ended. */
function withoutRenewal(state: AccreditationState, today: string): AccreditationState {
  const over = state.validUntil !== null && today > state.validUntil;
  const notRenewedBy = state.renewal?.acceptanceNumber ?? null;
  return { ...state, renewal: null, notRenewedBy, status: over ? 'ended' : state.status };
}

/** A new period: what is to happen in it hasn't happened yet. */
function renewed(
  state: AccreditationState,
  { acceptanceNumber, validFrom, validUntil }: AccreditationMessages['renewed'],
): AccreditationState {
  return { ...state, validFrom, validUntil, renewal: null, renewedBy: acceptanceNumber, fired: [] };
}

/**
 * What an earlier system granted, as it is on a day: its end, or a reminder's day, that has come by then is nothing to tell anybody of.
 * @param reminders days before the end at which the person is reminded to renew
 * @param today Shanghai date on which it is taken over
 */
export function takenOverAccreditation(
  { validFrom, validUntil }: Pick<AccreditationState, 'validFrom' | 'validUntil'>,
  reminders: number[],
  today: string,
): AccreditationState {
  const state = grantedAccreditation(validFrom, validUntil);
  if (validUntil === null) return state;
  const passed = reminders.filter((left) => addDays(validUntil, -left) <= today);
  return {
    ...state,
    status: validUntil < today ? 'ended' : 'active',
    fired: passed.map((left) => `remindRenewal:${left}`),
  };
}

/** The numbers of the rule, from the policy: calendar days, and a time `HH:MM` in Asia/Shanghai. */
export interface AccreditationClocks {
  remindsAt: string;
  /** Days before the end at which the person is reminded to renew. */
  reminders: number[];
  /** Days after the end in which it can still be renewed. */
  closesDaysAfter: number;
}

export interface AccreditationMilestone {
  at: string;
  purpose: 'remindRenewal' | 'extend' | 'end' | 'close';
  key: string;
  /** Days left, for a reminder. */
  value: number;
}

/** What lies ahead of an accreditation, earliest first; some may have passed already. */
export function accreditationMilestones(
  state: AccreditationState,
  clocks: AccreditationClocks,
): AccreditationMilestone[] {
  const { validUntil } = state;
  if (validUntil === null || state.closed || state.status === 'revoked') return [];
  const milestone = (purpose: AccreditationMilestone['purpose'], value: number, at: string) => {
    return { at, purpose, key: `${purpose}:${value}`, value };
  };
  const endOf = (day: string) => shanghaiInstant(day, '24:00');
  const ahead = state.renewal
    ? pendingRenewal(state)
    : state.status === 'ended'
      ? [milestone('close', 0, endOf(addDays(validUntil, clocks.closesDaysAfter)))]
      : [
          ...clocks.reminders.map((left) =>
            milestone('remindRenewal', left, shanghaiInstant(addDays(validUntil, -left), clocks.remindsAt)),
          ),
          milestone('end', 0, endOf(validUntil)),
        ];
  function pendingRenewal({ renewal, status }: AccreditationState) {
    if (status !== 'active') return [];
    return [milestone(renewal?.inTime ? 'extend' : 'end', 0, endOf(validUntil as string))];
  }
  return ahead.filter(({ key }) => !state.fired.includes(key)).sort((a, b) => a.at.localeCompare(b.at));
}

/**
 * The milestone to act on at `now`: of several reminders that have passed only the last, and none once the end has.
 * @returns it, and the keys of all that are done with it; null when nothing has passed
 */
export function nextAccreditationDue(milestones: AccreditationMilestone[], now: string) {
  const passed = milestones.filter(({ at }) => at <= now);
  const milestone = passed.at(-1);
  return milestone ? { milestone, keys: passed.map(({ key }) => key) } : null;
}

/**
 * The period that an approval grants. A renewal filed in time lasts from the end of the last period on, however late it is decided; decided before
 * that, it takes the old one's place at once, so that there is no gap.
 * @param validMonths how long an accreditation for the disease lasts; null where it doesn't end
 */
export function grantedPeriod(approval: {
  decidedOn: string;
  validFrom?: string | undefined;
  validUntil?: string | undefined;
  validMonths: number | null;
  renews?: { validUntil: string | null; filedOn: string } | undefined;
}): { validFrom: string; validUntil: string | null } {
  const { decidedOn, renews, validMonths } = approval;
  const inTime = renews?.validUntil != null && renews.filedOn <= renews.validUntil;
  const counted = inTime ? addDays(renews.validUntil as string, 1) : (approval.validFrom ?? decidedOn);
  const validFrom = inTime && decidedOn < counted ? decidedOn : counted;
  const byRule = validMonths === null ? null : addDays(addMonths(counted, validMonths), -1);
  return { validFrom, validUntil: approval.validUntil ?? byRule };
}
