import type { Policies } from '../versions.ts';

/**
 * What the policy says of accreditations that an earlier system granted: each goes by the version in force when it
 * became valid.
 * @param today Shanghai date on which they are taken over
 */
export function takeOverRules(policies: Policies, today: string) {
  const { city, accreditation } = policies.at(today);
  return {
    region: city.region,
    reminders: accreditation.reminders,
    versionAt: (date: string) => policies.at(date).version,
  };
}
