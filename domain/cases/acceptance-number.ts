import { ungrouped } from '../people/typed.ts';

/**
 * Acceptance number (受理号): region code, two digits of the year, eight random characters and a check character.
 * It carries no personal data and serves as the workflow id. The check character (ISO 7064 MOD 37,36) finds every
 * single wrong character and nearly every swapped pair, for numbers read out over the telephone.
 */
const CHECKED = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** 32 characters without I, L, O and U, which are easily misread. */
const DRAWN = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_LENGTH = 8;

/**
 * @param region six digits of the administrative division, e.g. 510400
 * @param year four-digit year of acceptance
 * @param random at least eight uniformly random bytes
 */
export function acceptanceNumber(region: string, year: number, random: Uint8Array): string {
  const drawn = Array.from(random.slice(0, RANDOM_LENGTH), (byte) => DRAWN[byte % DRAWN.length]).join('');
  const body = `${region}${String(year).slice(2)}${drawn}`;
  return body + checkCharacter(body);
}

/**
 * An acceptance number, or the id of an accreditation, as people type it and as phones paste it: in lower case,
 * full-width, in groups. Whether it is one, `isAcceptanceNumber` and `isAccreditationId` tell.
 */
export function understandNumber(text: string): string {
  return ungrouped(text).toUpperCase();
}

/** True when the text is well formed and its check character is right. */
export function isAcceptanceNumber(text: string): boolean {
  return /^\d{8}[0-9A-HJKMNP-TV-Z]{8}[0-9A-Z]$/.test(text) && checkCharacter(text.slice(0, -1)) === text.at(-1);
}

/** The end of an acceptance number: as much of it as leaves the house in a text message. */
export function tailOf(number: string): string {
  return number.slice(-6);
}

function checkCharacter(body: string): string {
  let product = 36;
  for (const character of body) {
    const sum = (product + CHECKED.indexOf(character)) % 36 || 36;
    product = (sum * 2) % 37;
  }
  return CHECKED[(37 - product) % 36] as string;
}
