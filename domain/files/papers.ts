import type { DocumentSeen } from '../cases/attendance.ts';
import { addDays, addMonths } from '../dates.ts';
import type { Channel, MaterialKind } from '../vocabulary.ts';

/** Who hands papers in, and for whom. */
export interface HandingIn {
  /** The account: opaque, of an applicant the keyed hash of their ID number. */
  by: string;
  /** Keyed hash of the ID number of whom the case is about. */
  person: string;
  /** Whether also what others handed in for this person; else only what the account uploaded. */
  all: boolean;
}

/**
 * Papers belong to whom they are about: that person may hand in again whatever was handed in for them, by whomever, and
 * so may the clerk at the window to whom they came. An agent may only with what they, or the clerk for them, uploaded.
 */
export function handingIn({
  by,
  person,
  channel,
  documentSeen,
}: Omit<HandingIn, 'all'> & { channel: Channel; documentSeen?: DocumentSeen | undefined }): HandingIn {
  return { by, person, all: channel === 'window' || by === person || documentSeen?.of === 'applicant' };
}

/**
 * The last day (Shanghai) on which a paper can be handed in; null where it isn't known, or the rules set no end.
 * @param recordMonths medical records must not be older than this many calendar months
 */
export function validUntil(kind: MaterialKind, issuedOn: string | null, recordMonths: number): string | null {
  if (kind !== 'medicalRecord' || issuedOn === null) return null;
  let last = addMonths(issuedOn, recordMonths);
  // From the end of a longer month one comes back to the same last day of a shorter one.
  while (addMonths(addDays(last, 1), -recordMonths) <= issuedOn) last = addDays(last, 1);
  return last;
}
