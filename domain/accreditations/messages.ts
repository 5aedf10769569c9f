import { date, isSender, oneOf, type Shape, text, wrongFields } from '../checks.ts';
import { revocationCauses } from '../vocabulary.ts';
import type { AccreditationMessageName } from './state.ts';

/** All messages of an accreditation, by name. */
export const accreditationMessageNames: readonly AccreditationMessageName[] = [
  'renewalFiled',
  'renewalEnded',
  'renewed',
  'institutionChanged',
  'revoke',
];

const fieldsOf: Record<AccreditationMessageName, Shape> = {
  renewalFiled: { acceptanceNumber: isSender, filedOn: date },
  renewalEnded: { acceptanceNumber: isSender },
  renewed: { acceptanceNumber: isSender, validFrom: date, validUntil: (value) => value === null || date(value) },
  institutionChanged: { acceptanceNumber: isSender },
  revoke: { by: isSender, cause: oneOf(revocationCauses), reason: text },
};

/** The fields of a payload that are missing or malformed; empty when it can be handled. */
export function malformedAccreditationFields(name: AccreditationMessageName, payload: unknown): string[] {
  return wrongFields(fieldsOf[name], payload);
}
