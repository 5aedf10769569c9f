import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Contradiction } from './checks/contradiction.ts';
import { contradictions } from './checks/contradictions.ts';
import { outgoingContradictions } from './checks/outgoing.ts';
import { textContradictions } from './checks/texts.ts';
import { type Policy, policySchema } from './schema.ts';
import { type Policies, policiesOf } from './versions.ts';
import { FileError, openYaml, type YamlFile } from './yaml.ts';

/**
 * Reads and checks a city's policy.
 * @param path a file (one version), or a folder whose `*.yaml` are the versions
 * @throws FileError listing all problems, one a line
 */
export function loadPolicies(path: string): Policies {
  return policiesOf(openPolicies(path).map(({ value }) => value));
}

/** As `loadPolicies`, with the files that the versions stand in. */
export function openPolicies(path: string): YamlFile<Policy>[] {
  const problems: string[] = [];
  const files = versionFiles(path).flatMap((file) => {
    try {
      return [openYaml(file, policySchema)];
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  for (const { value, at } of files) {
    problems.push(...faultsOf(value).map(({ path, message }) => `${at(path)}: ${message}`));
  }
  problems.push(...disagreements(files));
  if (problems.length > 0) throw new FileError(problems.join('\n'));
  return files;
}

/** Where a version contradicts itself. */
export function faultsOf(policy: Policy): Contradiction[] {
  return [...contradictions(policy), ...textContradictions(policy), ...outgoingContradictions(policy)];
}

function versionFiles(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith('.yaml'));
  if (names.length === 0) throw new FileError(`${path}: the folder holds no *.yaml`);
  return names.sort().map((name) => join(path, name));
}

/** Each version has a name and a first day of its own, and all are one city's. */
function disagreements(files: YamlFile<Policy>[]): string[] {
  return files.flatMap(({ value, at }, index) => {
    const twin = (key: 'version' | 'effectiveFrom') =>
      files.slice(0, index).find((other) => other.value[key] === value[key]);
    const own = (['version', 'effectiveFrom'] as const).filter(twin);
    const elsewhere = files.slice(0, 1).filter((first) => first.value.city.region !== value.city.region);
    return [
      ...own.map((key) => `${at([key])}: ${value[key]} is also that of ${twin(key)?.file}`),
      ...elsewhere.map((first) => `${at(['city', 'region'])}: ${first.file} has another region`),
    ];
  });
}
