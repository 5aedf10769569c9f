import { type Clock, shanghaiDate } from '../domain/dates.ts';
import type { Policy } from './schema.ts';

/**
 * The versions of one city's policy, side by side. A case keeps the version it was accepted under for its materials and
 * its benefit, an accreditation the one it was granted under. Clocks, texts and hours are those of the version
 * in force now.
 */
export interface Policies {
  /**
   * The version in force on a Shanghai date: the latest that is effective by then. Before the first version the first
   * one applies, since what is older (a scenario of 2019, an accreditation from an earlier system) has to be judged by
   * something.
   */
  at(date: string): Policy;
  /** A version by its name. @throws UnknownVersion */
  of(version: string): Policy;
}

/** The policy in force now. */
export function policyInForce({ policies, now }: { policies: Policies; now: Clock }): Policy {
  return policies.at(shanghaiDate(now()));
}

/** A case or an accreditation keeps a version that isn't there any more. */
export class UnknownVersion extends Error {}

/** @param versions at least one, in any order */
export function policiesOf(versions: Policy[]): Policies {
  const ascending = versions.toSorted((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom));
  const byName = new Map(versions.map((policy) => [policy.version, policy]));
  return {
    at: (date) => (ascending.findLast(({ effectiveFrom }) => effectiveFrom <= date) ?? ascending[0]) as Policy,
    of(version) {
      const policy = byName.get(version);
      if (policy) return policy;
      throw new UnknownVersion(`There is no policy version ${version}: put its file back (POLICY_FILE)`);
    },
  };
}
