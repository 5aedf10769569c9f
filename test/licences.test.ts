import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** Under which we may ship others' code in a product of ours: all let it be used, and ask for no more than a notice. */
const allowed = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'ISC',
  // libvips, a shared library of its own beside sharp, which it is shipped with unchanged: that is what the LGPL asks.
  'LGPL-3.0-or-later',
  'MIT',
  'MIT-0',
  'Unlicense',
];
/** Who doesn't say it in the words of SPDX, so that the list has nothing: what stands in the package. */
const read: Record<string, string> = { '@darabonba/typescript': 'Apache-2.0', unionfs: 'Unlicense' };

interface Component {
  name: string;
  version: string;
  purl: string;
  hashes?: { alg: string; content: string }[];
  properties?: { name: string; value: string }[];
  licenses?: { license?: { id?: string; name?: string }; expression?: string }[];
}

/** Every licence that an expression (SPDX) names counts: where one may be chosen, somebody has to look. */
function licencesOf({ name, licenses = [] }: Component): string[] {
  const said = licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? '');
  const words = (said.length > 0 ? said : [read[name] ?? '']).flatMap((expression) => expression.split(/[\s()]+/));
  return words.filter((word) => word !== '' && word !== 'AND' && word !== 'OR');
}

const forDevelopment = ({ properties = [] }: Component) =>
  properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');

/**
 * The list of all packages (SBOM). Those that only development needs are marked in it: `--omit dev` would leave out
 * more, namely what both need.
 */
describe('npm run sbom', () => {
  let bom: { bomFormat: string; specVersion: string; components: Component[] };
  let shipped: Component[];
  beforeAll(async () => {
    const run = promisify(execFile)('npm', ['run', '-s', 'sbom'], { cwd: repository, maxBuffer: 64 * 2 ** 20 });
    bom = JSON.parse((await run).stdout);
    shipped = bom.components.filter((component) => !forDevelopment(component));
  });

  it('lists every package that is installed, with version and hash, and says which are for development', () => {
    expect([bom.bomFormat, bom.specVersion]).toEqual(['CycloneDX', expect.stringMatching(/^1\.\d$/)]);
    const { dependencies, devDependencies } = JSON.parse(readFileSync(`${repository}package.json`, 'utf8'));
    const named = ({ name, version }: Component) => `${name}@${version}`;
    const [inProduction, all] = [new Set(shipped.map(named)), new Set(bom.components.map(named))];
    const missing = (wanted: Record<string, string>, listed: Set<string>) =>
      Object.entries(wanted).filter(([name, version]) => !listed.has(`${name}@${version}`));
    expect([missing(dependencies, inProduction), missing(devDependencies, all)]).toEqual([[], []]);
    expect(shipped.filter(({ name }) => name === 'jest' || name === '@biomejs/biome')).toEqual([]);
    const unidentified = ({ purl, hashes }: Component) => !purl.startsWith('pkg:npm/') || !hashes?.[0]?.content;
    expect(bom.components.filter(unidentified)).toEqual([]);
  });

  it('finds only licences under which we may ship, and we allow no others', () => {
    const unfit = shipped
      .map((component) => ({ package: `${component.name}@${component.version}`, licences: licencesOf(component) }))
      .filter(({ licences }) => licences.length === 0 || licences.some((licence) => !allowed.includes(licence)));
    expect(unfit).toEqual([]);
    const named = shipped.flatMap(licencesOf);
    expect(allowed.filter((licence) => !named.includes(licence))).toEqual([]);
  });
});
