import { isAcceptanceNumber } from '../cases/acceptance-number.ts';

/** What tells an accreditation's id from an acceptance number: 认定. */
const PREFIX = 'RD';

/**
 * Id of an accreditation (认定编号), also its workflow id: `RD`, followed by an acceptance number, check character
 * included.
 */
export function accreditationId(number: string): string {
  return PREFIX + number;
}

export function isAccreditationId(text: string): boolean {
  return text.startsWith(PREFIX) && isAcceptanceNumber(text.slice(PREFIX.length));
}
