import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { faultsOf, openPolicies } from '../../policy/load.ts';
import { type Policy, policySchema } from '../../policy/schema.ts';
import type { YamlFile } from '../../policy/yaml.ts';
import type { Store } from '../../store/open.ts';
import { keptVersions } from '../../store/versions.ts';
import { type Problem, problemsIn } from '../lists/csv.ts';
import { type Edit, withDiseases } from './edit.ts';
import { type ListedDisease, readDiseases } from './list.ts';

type Say = (line: string) => void;

/**
 * Takes a bureau's list of diseases into the newest version of its policy: shows what was understood, and what would
 * change.
 * @param policyPath the city's file or folder
 * @param say takes each line
 * @returns what the version's file would hold
 * @throws FileError with everything that is wrong, a line each
 */
export function showCatalogue(policyPath: string, file: string, content: Buffer, say: Say) {
  const version = newestOf(openPolicies(policyPath));
  const { diseases, problems } = readDiseases(content, version.value);
  if (problems.length > 0) throw problemsIn(file, problems);
  const { text, edits, removed } = withDiseases(readFileSync(version.file, 'utf8'), diseases);
  const faults = faultsIn(text, diseases);
  if (faults.length > 0) throw problemsIn(file, faults);
  say(`规则版本 ${version.value.version}(${version.file})`);
  for (const edit of edits) say(inWords(edit));
  for (const code of removed) say(`删除 ${code}:列表里没有`);
  const count = (fits: (changed: Edit['changed']) => boolean) => edits.filter(({ changed }) => fits(changed)).length;
  const added = count((changed) => changed === 'added');
  const same = count((changed) => changed.length === 0);
  const changed = edits.length - added - same;
  say(`共 ${edits.length} 个病种:新增 ${added},修改 ${changed},不变 ${same};删除 ${removed.length}。`);
  return { version, text };
}

/**
 * As `showCatalogue`, and writes the version's file, unless a case or an accreditation goes by that version already: what
 * was true when it was filed stays.
 * @returns whether it was written
 */
export async function writeCatalogue(
  { db }: Store,
  ...[policyPath, file, content, say]: Parameters<typeof showCatalogue>
) {
  const { version, text } = showCatalogue(policyPath, file, content, say);
  if ((await keptVersions(db)).includes(version.value.version)) {
    say('没有写入:已有申请或认定按这个版本办理。请复制成新文件,写新的 version 和 effectiveFrom,再导入。');
    return false;
  }
  writeFileSync(`${version.file}.new`, text);
  renameSync(`${version.file}.new`, version.file);
  say('已写入;重新启动 api 和 worker 后生效。');
  return true;
}

function newestOf(versions: YamlFile<Policy>[]): YamlFile<Policy> {
  const ascending = versions.toSorted((a, b) => a.value.effectiveFrom.localeCompare(b.value.effectiveFrom));
  return ascending.at(-1) as YamlFile<Policy>;
}

/** What the policy's own checks say of it with these diseases, each at the list's line. */
function faultsIn(text: string, diseases: ListedDisease[]): Problem[] {
  const parsed = policySchema.safeParse(parse(text));
  const faults = parsed.success ? faultsOf(parsed.data) : parsed.error.issues;
  return faults.map(({ path, message: detail }) => {
    const [part, index, ...field] = path;
    const disease = part === 'catalogue' && typeof index === 'number' ? diseases[index] : undefined;
    const column = (disease ? field : path).join('.');
    return { line: disease?.line ?? 1, ...(column ? { column } : {}), detail };
  });
}

function inWords({ disease: { line, code, name, cells }, changed }: Edit): string {
  const what = changed === 'added' ? '新增' : changed.length > 0 ? `修改${changed.join('、')}` : '不变';
  const said = cells.filter(({ column, value }) => value !== undefined && !['code', 'name'].includes(column.name));
  const understood = said.map(({ column, value }) => `${column.title} ${valueInWords(value)}`).join(';');
  return `第 ${line} 行 ${code} ${name}:${what}${understood ? `(${understood})` : ''}`;
}

function valueInWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (!Array.isArray(value)) return String(value);
  return value.join(typeof value[0] === 'number' ? '–' : '、');
}
