import { addDays } from '../dates.ts';
import type { AccreditationStatus } from '../vocabulary.ts';

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
