import { unverified } from '../checks/unverified.ts';
import { policyCommand } from './command.ts';

/** `npm run policy:check [file|folder]`: refuses a policy as the start would, and lists what the guide doesn't give. */
policyCommand((versions) => {
  const lines = versions.flatMap((version) =>
    unverified(version).map(({ line, field, value, note }) => {
      return `${version.file}:${line}: ${field}${value && ` = ${value}`}: ${note}`;
    }),
  );
  return [...lines, `Nothing contradicts itself; ${lines.length} lines are marked 待核实.`];
});
