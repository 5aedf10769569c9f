import type { Policy } from './schema.ts';

/** The disease (病种) with this code; undefined where the catalogue doesn't hold it. */
export function diseaseOf(policy: Policy, code: string | undefined): Policy['catalogue'][number] | undefined {
  return policy.catalogue.find((disease) => disease.code === code);
}
