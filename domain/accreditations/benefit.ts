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
}

/** What an accredited person gets; diseases that are exempt have no deductible (免起付线). */
export function benefitOf(
  rules: BenefitRules,
  { age, tier, exempt }: { age: number | null; tier?: string | undefined; exempt: boolean },
): Benefit {
  const ofAge = age === null ? undefined : rules.byAge?.findLast(({ from }) => age >= from)?.ratio;
  const ofTier = tier === undefined ? undefined : rules.byTier?.[tier];
  return { deductible: exempt ? 0 : rules.deductible, ratio: ofTier ?? ofAge ?? rules.ratio };
}
