import type { ApplicationState } from '../cases/state.ts';

/** The code (验证码) that was last sent to a new phone, as far as it decides on a try. */
export interface SentCode {
  /** Instants. */
  expiresAt: string;
  confirmedAt: string | null;
  /** So far. */
  wrongTries: number;
}

/**
 * `confirmedBefore`: the right code was confirmed already, but its answer was lost; `none`: there is no code to confirm
 * any more; `usedUp`: too many wrong tries.
 */
export type Verdict = 'right' | 'confirmedBefore' | 'wrong' | 'none' | 'expired' | 'usedUp';

/**
 * What becomes of a try to confirm a new phone. A code can be used once, within its minutes and its number of wrong
 * tries. The same request again finds it confirmed.
 * @param matches the code given is the one that was sent
 * @param now instant
 * @param tries how many wrong tries a code allows, from the policy
 */
export function judgeTry(sent: SentCode, matches: boolean, now: string, tries: number): Verdict {
  if (sent.confirmedAt !== null) return matches ? 'confirmedBefore' : 'none';
  if (sent.wrongTries >= tries) return 'usedUp';
  if (now >= sent.expiresAt) return 'expired';
  return matches ? 'right' : 'wrong';
}

/**
 * Whether a case takes a new phone. One that is over sends nothing any more, so its phone stays as it is, unless it
 * brought an accreditation, which still sends.
 * @param lasts the account has an accreditation of the person's that isn't over
 */
export function takesNewPhone(
  { closed, status }: Pick<ApplicationState, 'closed' | 'status'>,
  lasts: boolean,
): boolean {
  return !closed || (status === 'approved' && lasts);
}

const HOUR_MS = 3_600_000;

/**
 * When a case may have another code, by how many it may have in an hour.
 * @param sentAt instants of the codes so far, oldest first
 * @returns an instant; null where it may have one now
 */
export function nextCodeAt(sentAt: string[], perHour: number, now: string): string | null {
  const counted = sentAt.at(-perHour);
  if (counted === undefined) return null;
  const at = new Date(Date.parse(counted) + HOUR_MS).toISOString();
  return at > now ? at : null;
}
