import { isName, nameKey, understandName } from '../people/names.ts';
import { isAcceptanceNumber, understandNumber } from './acceptance-number.ts';

/** What a text that staff search for may be; a case is found by any of it. */
export interface Search {
  acceptanceNumber?: string;
  /** The end of an acceptance number, as notifications show it (`tailOf`). */
  tail?: string;
  /** `nameKey` of a whole name. */
  name?: string;
  /** The last four digits of a phone. */
  phoneTail?: string;
}

/**
 * What staff may mean by a text: an acceptance number or its last six characters, in upper or lower case, the
 * applicant's whole name in any way of writing it, or the last four digits of their phone. Six letters may be a tail as
 * well as a name.
 * @returns null for a text that is none of these
 */
export function understandSearch(text: string): Search | null {
  const typed = understandNumber(text);
  const name = understandName(text);
  const search = {
    ...(isAcceptanceNumber(typed) ? { acceptanceNumber: typed } : {}),
    ...(/^[0-9A-Z]{6}$/.test(typed) ? { tail: typed } : {}),
    ...(/^\d{4}$/.test(typed) ? { phoneTail: typed } : {}),
    ...(isName(name) ? { name: nameKey(name) } : {}),
  };
  return Object.keys(search).length > 0 ? search : null;
}
