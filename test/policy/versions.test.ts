import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadPolicies } from '../../policy/load.ts';
import { policiesOf, UnknownVersion } from '../../policy/versions.ts';
import { policyFile, policy as shipped } from '../harness/policy.ts';

const version = (name: string, effectiveFrom: string) => ({ ...shipped, version: name, effectiveFrom });

describe('of several versions', () => {
  const policies = policiesOf([
    version('third', '2027-01-01'),
    version('first', '2025-01-01'),
    version('second', '2026-07-01'),
  ]);

  it.each([
    ['2019-03-22', 'first'],
    ['2025-01-01', 'first'],
    ['2026-06-30', 'first'],
    ['2026-07-01', 'second'],
    ['2026-12-31', 'second'],
    ['2027-01-01', 'third'],
    ['2055-01-01', 'third'],
  ])('on %s the %s is in force', (date, name) => {
    expect(policies.at(date).version).toBe(name);
  });

  it('each is found by its name, and one that is gone is asked for', () => {
    expect(policies.of('first').effectiveFrom).toBe('2025-01-01');
    expect(() => policies.of('zeroth')).toThrow(UnknownVersion);
    expect(() => policies.of('zeroth')).toThrow('policy version zeroth');
  });
});

describe('a folder', () => {
  const text = readFileSync(policyFile, 'utf8');
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-'));
    cpSync(policyFile, join(folder, '2025-1.yaml'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const add = (name: string, ...changes: [from: string, to: string][]) =>
    writeFileSync(
      join(folder, name),
      changes.reduce((now, [from, to]) => now.replace(from, to), text),
    );
  const second: [string, string][] = [
    ['panzhihua-2025.1', 'panzhihua-2026.1'],
    ['2025-01-01', '2026-07-01'],
  ];

  it('is read as the versions of one city; what is no *.yaml is left alone', () => {
    add('2026-1.yaml', ...second, ['workingDays: 15', 'workingDays: 10']);
    writeFileSync(join(folder, 'notes.txt'), 'of the office');
    const policies = loadPolicies(folder);
    expect([policies.at('2026-06-30'), policies.at('2026-07-01')].map(({ clocks }) => clocks.workingDays)).toEqual([
      15, 10,
    ]);
  });

  it('is refused when two versions have the same name or first day, or are of two cities', () => {
    add('2026-1.yaml', ['"510400"', '"510100"']);
    const [first, other] = [join(folder, '2025-1.yaml'), join(folder, '2026-1.yaml')];
    expect(() => loadPolicies(folder)).toThrow(
      [
        `${other}:3: version: panzhihua-2025.1 is also that of ${first}`,
        `${other}:4: effectiveFrom: 2025-01-01 is also that of ${first}`,
        `${other}:8: city.region: ${first} has another region`,
      ].join('\n'),
    );
  });

  it('is refused with what is wrong in each of its files', () => {
    add('2026-1.yaml', ...second, ['workingDays: 15', 'workingDays: 0']);
    add('2027-1.yaml', ['"510400"', '510400']);
    expect(() => loadPolicies(folder)).toThrow(
      /2026-1\.yaml:12: clocks\.workingDays: .*\n.*2027-1\.yaml:8: city\.region: /,
    );
  });

  it('is refused when it holds no version', () => {
    rmSync(join(folder, '2025-1.yaml'));
    expect(() => loadPolicies(folder)).toThrow(`${folder}: the folder holds no *.yaml`);
  });
});
