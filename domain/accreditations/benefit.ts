/** Percentages of the costs that are paid, from–to. */
export type Ratio = [from: number, to: number];

/** What one kind of insured people gets (待遇), from the policy. */
export interface BenefitRules {
  /** 起付标准, yuan a year. */
  deductible: number;
  /** Where neither age nor tier says more. */
  ratio: Ratio;
  /** By age (employees): from so many full years on; ascending. */
  byAge?: { from: number; ratio: Ratio }[] | undefined;
  /** By contribution tier (缴费档次, residents). */
  byTier?: Record<string, Ratio> | undefined;
}

export interface Benefit {
  deductible: number;
  ratio: Ratio;
  /** The most that is paid in a year (年度支付限额), yuan; null where the disease sets none. */
  limit: number | null;
}

/** What is paid for one disease, where that isn't what is paid for all. */
export interface OwnBenefit {
  ratio?: Ratio | undefined;
  limit?: number | undefined;
}

/**
 * What an accredited person gets; diseases that are exempt have no deductible (免起付线). A ratio of the disease's own
 * counts before those by age and tier.
 */
export function benefitOf(
  rules: BenefitRules,
  who: { age: number | null; tier?: string | undefined; exempt: boolean; own?: OwnBenefit | undefined },
): Benefit {
  const { age, tier, exempt, own } = who;
  const ofAge = age === null ? undefined : rules.byAge?.findLast(({ from }) => age >= from)?.ratio;
  const ofTier = tier === undefined ? undefined : rules.byTier?.[tier];
  const ratio = own?.ratio ?? ofTier ?? ofAge ?? rules.ratio;
  return { deductible: exempt ? 0 : rules.deductible, ratio, limit: own?.limit ?? null };
}
