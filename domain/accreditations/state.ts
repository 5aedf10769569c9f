import { addDays } from '../dates.ts';
import type { AccreditationStatus } from '../vocabulary.ts';

/**
 * What the workflow has to know of an accreditation: no personal data, no health data. Shanghai dates, both included.
 */
export interface AccreditationState {
  status: AccreditationStatus;
  validFrom: string;
  /** Null where it doesn't end. */
  validUntil: string | null;
  /** A renewal (续期) that was accepted and isn't decided yet. */
  renewal: { acceptanceNumber: string; inTime: boolean } | null;
  /**
   * The applications that changed it last, or that came to nothing. Their messages may arrive again, and must not
   * change it a second time.
   */
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
 * An accreditation that an earlier system granted, as it stands on the day it is taken over. An end or a reminder that
 * has come by then counts as done, so that nobody is told of it now.
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
