import { understandNumber } from '../cases/acceptance-number.ts';
import { date, isSender, oneOf, optional, type Shape, text, wrongFields } from '../checks.ts';
import { type RevocationCause, revocationCauses } from '../vocabulary.ts';

/**
 * The messages that an accreditation understands, each an Update and a Signal. `by` means what it means for a
 * case.
 */
export interface AccreditationMessages {
  renewalFiled: { acceptanceNumber: string; filedOn: string };
  renewalEnded: { acceptanceNumber: string };
  renewed: { acceptanceNumber: string; validFrom: string; validUntil: string | null };
  institutionChanged: { acceptanceNumber: string };
  /** @property on Shanghai date from which it is revoked; that of the message where it isn't given */
  revoke: { by: string; cause: RevocationCause; reason: string; on?: string };
}
export type AccreditationMessageName = keyof AccreditationMessages;
export type AccreditationMessage = {
  [Name in AccreditationMessageName]: { name: Name; payload: AccreditationMessages[Name] };
}[AccreditationMessageName];

const fieldsOf: Record<AccreditationMessageName, Shape> = {
  renewalFiled: { acceptanceNumber: isSender, filedOn: date },
  renewalEnded: { acceptanceNumber: isSender },
  renewed: { acceptanceNumber: isSender, validFrom: date, validUntil: (value) => value === null || date(value) },
  institutionChanged: { acceptanceNumber: isSender },
  revoke: { by: isSender, cause: oneOf(revocationCauses), reason: text, on: optional(date) },
};

/** A well-formed message as it is understood: who types it may write the acceptance number in lower case. */
export function understoodMessage(name: AccreditationMessageName, payload: unknown): AccreditationMessage {
  const given = payload as { acceptanceNumber?: string };
  const { acceptanceNumber } = given;
  const understood = acceptanceNumber === undefined ? {} : { acceptanceNumber: understandNumber(acceptanceNumber) };
  return { name, payload: { ...given, ...understood } } as AccreditationMessage;
}

/** All messages of an accreditation, by name. */
export const accreditationMessageNames = Object.keys(fieldsOf) as AccreditationMessageName[];

/** The fields of a payload that are missing or malformed; empty when it can be handled. */
export function malformedAccreditationFields(name: AccreditationMessageName, payload: unknown): string[] {
  return wrongFields(fieldsOf[name], payload);
}
