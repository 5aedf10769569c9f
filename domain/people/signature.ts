import { addDays, shanghaiDate } from '../dates.ts';

/** The signature's time comes from the signer's telephone, whose clock may be ahead. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

/**
 * What is wrong with when a form was signed: after it came in, or so long before that it can't be meant for it.
 * @param signedAt instant, in any time zone
 * @param rule how many calendar days before it comes in a form may be signed
 * @param now instant at which it comes in
 */
export function signingProblem(
  signedAt: string,
  { signatureDays }: { signatureDays: number },
  now: string,
): 'inFuture' | 'tooOld' | null {
  if (Date.parse(signedAt) > Date.parse(now) + CLOCK_TOLERANCE_MS) return 'inFuture';
  return shanghaiDate(signedAt) < addDays(shanghaiDate(now), -signatureDays) ? 'tooOld' : null;
}
