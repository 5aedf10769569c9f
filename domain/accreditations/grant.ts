import { addDays, addMonths } from '../dates.ts';

/** What an approval has brought. Shanghai dates. */
export interface Registered {
  accreditationId: string;
  validFrom: string;
  validUntil: string | null;
}

/**
 * The period that an approval grants. A renewal filed in time begins on the day after the last period, however late it
 * is decided. Where it is decided before that day, it takes the old period's place at once, so that there is no gap.
 * @param validMonths how long an accreditation for the disease lasts; null where it doesn't end
 */
export function grantedPeriod(approval: {
  decidedOn: string;
  validFrom?: string | undefined;
  validUntil?: string | undefined;
  validMonths: number | null;
  renews?: { validUntil: string | null; filedOn: string } | undefined;
}): { validFrom: string; validUntil: string | null } {
  const { decidedOn, renews, validMonths } = approval;
  const inTime = renews?.validUntil != null && renews.filedOn <= renews.validUntil;
  const counted = inTime ? addDays(renews.validUntil as string, 1) : (approval.validFrom ?? decidedOn);
  const validFrom = inTime && decidedOn < counted ? decidedOn : counted;
  const byRule = validMonths === null ? null : addDays(addMonths(counted, validMonths), -1);
  return { validFrom, validUntil: approval.validUntil ?? byRule };
}
