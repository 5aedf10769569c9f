import { relative } from 'node:path';
import { commonEnv, readEnv } from '../config/env.ts';
import { openPolicies } from './load.ts';
import { unverified } from './unverified.ts';
import { FileError } from './yaml.ts';

/** `npm run policy:check [file|folder]`: refuses a policy as the start would, and lists what the guide doesn't give. */
function main(): void {
  const { POLICY_FILE } = readEnv(commonEnv.pick({ POLICY_FILE: true }));
  const [path = relative('', POLICY_FILE)] = process.argv.slice(2);
  const lines = openPolicies(path).flatMap((version) =>
    unverified(version).map(({ line, field, value, note }) => {
      return `${version.file}:${line}: ${field}${value && ` = ${value}`}: ${note}`;
    }),
  );
  console.log([...lines, `Nothing contradicts itself; ${lines.length} lines are marked 待核实.`].join('\n'));
}

try {
  main();
} catch (error) {
  console.error(error instanceof FileError ? error.message : error);
  process.exitCode = 1;
}
