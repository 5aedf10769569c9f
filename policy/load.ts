import { type Policy, policySchema } from './schema.ts';
import { readYaml } from './yaml.ts';

/**
 * Reads and checks a city's policy.
 * @throws FileError listing all problems, one a line
 */
export function loadPolicy(file: string): Policy {
  return readYaml(file, policySchema);
}
