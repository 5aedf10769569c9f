import type { Policy } from '../../policy/schema.ts';
import { type Line, linesOf, type Problem, repeated } from '../lists/csv.ts';
import { CellError, type Column, columns } from './columns.ts';

/** A disease as the list has it: of each column what was understood, undefined where the cell is empty. */
export interface ListedDisease {
  line: number;
  code: string;
  name: string;
  cells: { column: Column; value: unknown }[];
}

/** Reads a bureau's list of diseases: CSV, one a line. @returns what was understood, and all that is wrong */
export function readDiseases(content: Buffer, policy: Policy): { diseases: ListedDisease[]; problems: Problem[] } {
  const parsed = linesOf(content);
  if ('detail' in parsed) return { diseases: [], problems: [parsed] };
  const [header = { number: 1, cells: [] }, ...lines] = parsed;
  const named = header.cells.map((cell) => columns.find(({ name, title }) => [name, title].includes(cell)));
  const wrong = headerProblems(header, named);
  if (wrong.length > 0) return { diseases: [], problems: wrong };
  const read = lines.map((line) => readLine(line, named as Column[], policy));
  const diseases = read.flatMap(({ disease }) => disease ?? []);
  const keys = diseases.map(({ line, code }) => ({ line, key: code }));
  const none = lines.length === 0 ? [{ line: 1, detail: '没有病种' }] : [];
  return { diseases, problems: [...read.flatMap(({ problems }) => problems), ...repeated('code', keys), ...none] };
}

function headerProblems({ number: line, cells }: Line, named: (Column | undefined)[]): Problem[] {
  const known = columns.map(({ name, title }) => `${name}(${title})`).join('、');
  const unknown = cells.filter((_, index) => named[index] === undefined);
  const twice = named.filter((column, index) => column && named.indexOf(column) < index);
  const missing = columns.slice(0, 2).filter((column) => !named.includes(column));
  return [
    ...unknown.map((cell) => ({ line, detail: `没有“${cell}”这一列,可以有的是 ${known}` })),
    ...twice.map((column) => ({ line, detail: `“${column?.name}”有两列` })),
    ...missing.map(({ name, title }) => ({ line, detail: `缺少 ${name}(${title})这一列` })),
  ];
}

function readLine({ number: line, cells }: Line, named: Column[], policy: Policy) {
  const problems: Problem[] = cells.length > named.length ? [{ line, detail: '列数多于表头' }] : [];
  const read = named.map((column, index) => {
    const cell = cells[index] ?? '';
    try {
      return { column, value: cell === '' ? undefined : column.read(cell, policy) };
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      problems.push({ line, column: column.name, detail: error.message });
      return { column, value: undefined };
    }
  });
  const cellOf = (name: string) => read.find(({ column }) => column.name === name)?.value as string | undefined;
  const [code, name] = [cellOf('code'), cellOf('name')];
  if (code === undefined) problems.push({ line, column: 'code', detail: '请填写病种编码' });
  if (name === undefined) problems.push({ line, column: 'name', detail: '请填写病种名称' });
  return { disease: code && name ? { line, code, name, cells: read } : undefined, problems };
}
