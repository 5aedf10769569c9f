import { relative } from 'node:path';
import { commonEnv, readEnv } from '../../config/env.ts';
import { openPolicies } from '../load.ts';
import type { Policy } from '../schema.ts';
import { FileError, type YamlFile } from '../yaml.ts';

/**
 * Runs a command on the policy that the command line names (a file or a folder), or else on that of POLICY_FILE. Prints
 * what the command has to say of the versions, or what is wrong with them, as the start would.
 */
export function policyCommand(linesOf: (versions: YamlFile<Policy>[]) => string[]): void {
  try {
    const { POLICY_FILE } = readEnv(commonEnv.pick({ POLICY_FILE: true }));
    const [path = relative('', POLICY_FILE)] = process.argv.slice(2);
    console.log(linesOf(openPolicies(path)).join('\n'));
  } catch (error) {
    console.error(error instanceof FileError ? error.message : error);
    process.exitCode = 1;
  }
}
