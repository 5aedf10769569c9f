import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { programVariables, withTables } from '../../config/documentation.ts';
import { composeOnlyVariables, developmentVariables, internalVariables } from '../../config/elsewhere.ts';
import { stackSettings } from '../../dev/stack/settings.ts';
import { exampleEnv, inRepository } from '../harness/repository/compose.ts';

const read = (file: string) => readFileSync(inRepository(file), 'utf8');
const names = (variables: { name: string }[]) => variables.map(({ name }) => name);
/** Biome aligns the columns of tables. */
const unpadded = (page: string) => page.replaceAll(/ {2,}(?=\|)/g, ' ').replaceAll(/-{3,}/g, '---');
const documented = [...programVariables(), ...developmentVariables, ...composeOnlyVariables];

describe('docs/configuration.md', () => {
  it('is as `npm run docs:configuration` writes it', () => {
    const page = read('docs/configuration.md');
    expect(unpadded(page)).toBe(unpadded(withTables(page)));
  });

  it('says of every variable what it means', () => {
    expect(documented.filter(({ meaning }) => !meaning)).toEqual([]);
    expect(names(programVariables())).toContain('HOST');
  });

  it('has the ports that `npm start` takes', () => {
    const { ports } = stackSettings({}, '/data');
    expect(ports.map(({ port, variable }) => [variable, String(port)])).toEqual(
      ports.map(({ variable }) => [variable, documented.find(({ name }) => name === variable)?.default]),
    );
  });

  it('leaves out nothing that the code reads', () => {
    const files = execFileSync('git', ['ls-files', '*.ts', ':!*.test.ts'], { cwd: inRepository(), encoding: 'utf8' });
    const used = new Set(
      files
        .trim()
        .split('\n')
        .flatMap((file) => variablesIn(read(file))),
    );
    const known = [...names(documented), ...internalVariables, 'PATH'];
    expect([...used].filter((name) => !known.includes(name))).toEqual([]);
    expect([...used]).toEqual(expect.arrayContaining(internalVariables));
  });
});

/** What a program takes from `process.env`, by name or taken apart. */
function variablesIn(source: string): string[] {
  const named = [...source.matchAll(/\b(?:process\.)?env\.([A-Z][A-Z_]+)\b/g)];
  const apart = [...source.matchAll(/\{([^{}]*)\} = (?:process\.)?env;/g)];
  const inBraces = apart.flatMap(([, inside = '']) => [...inside.matchAll(/\b([A-Z][A-Z_]+)\b(?=\s*[,:=]|\s*$)/g)]);
  return [...named, ...inBraces].map(([, name]) => name as string);
}

describe('.env.example', () => {
  it('holds nothing that the page does not explain', () => {
    const explained = [...names(programVariables()), ...names(composeOnlyVariables)];
    expect(Object.keys(exampleEnv).filter((name) => !explained.includes(name))).toEqual([]);
    expect(Object.keys(exampleEnv)).toEqual(expect.arrayContaining(names(composeOnlyVariables)));
  });

  it('has the same defaults', () => {
    const examples = Object.entries(exampleEnv).filter(([, value]) => value !== '');
    expect(examples).toEqual(
      examples.map(([name]) => [name, documented.findLast((variable) => variable.name === name)?.default]),
    );
  });
});
