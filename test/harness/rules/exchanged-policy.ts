import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { loadPolicies } from '../../../policy/load.ts';
import { FileError } from '../../../policy/yaml.ts';
import { policyFile } from '../policy.ts';

export const shipped = readFileSync(policyFile, 'utf8');
export const folder = mkdtempSync(join(tmpdir(), 'policy-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The line of the shipped file that contains the text. */
export const lineOf = (text: string) => shipped.slice(0, shipped.indexOf(text)).split('\n').length;

export type Exchange = [from: string, to: string];

/** The shipped policy with some of its text exchanged. */
export function exchanged(...changes: Exchange[]): string {
  return changes.reduce((now, [from, to]) => {
    expect(now).toContain(from);
    return now.replace(from, to);
  }, shipped);
}

/** What the loader says of a policy's text, each problem as `line: field: what`, without the file. */
export function problemsOf(text: string): string[] {
  const file = join(folder, 'city.yaml');
  writeFileSync(file, text);
  try {
    loadPolicies(file);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(FileError);
    return (error as Error).message
      .split('\n')
      .filter((line) => line.startsWith(file))
      .map((line) => line.slice(file.length + 1));
  }
}
