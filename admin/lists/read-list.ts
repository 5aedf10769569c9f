import { linesOf, type Problem, problemsIn, repeated } from './csv.ts';

/** A line of a list: its cells as typed, by column. */
export interface Row {
  line: number;
  typed: Record<string, string>;
}

/** What is made of a row, and what is wrong with it. */
export interface CheckedRow<Item> {
  item?: Item | undefined;
  problems: Omit<Problem, 'line'>[];
}

interface List<Item> {
  /** The header: these columns, in any order. */
  columns: readonly string[];
  /** Columns that may be missing; their cells count as empty then. */
  optional?: readonly string[];
  /** The column that tells the lines apart. */
  key: string;
  check(typed: Record<string, string>): CheckedRow<Item>;
}

/**
 * Reads a list: CSV in UTF-8, with or without a byte order mark.
 * @param file its name, for the messages
 * @throws FileError with everything that is wrong, a line each
 */
export function readList<Item>(file: string, content: Buffer, list: List<Item>): Item[] {
  const { items, problems } = checkList(content, list);
  if (problems.length === 0) return items;
  throw problemsIn(file, problems);
}

function checkList<Item>(
  content: Buffer,
  { columns, optional = [], key, check }: List<Item>,
): { items: Item[]; problems: Problem[] } {
  const parsed = linesOf(content);
  if ('detail' in parsed) return { items: [], problems: [parsed] };
  const [header, ...lines] = parsed;
  const names = header?.cells ?? [];
  if (!fits(names, columns, optional)) {
    return { items: [], problems: [{ line: 1, detail: headerOf(columns, optional) }] };
  }
  const rows = lines.map(({ number, cells }): Row & { tooLong: boolean } => {
    const typed = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
    return { line: number, typed, tooLong: cells.length > names.length };
  });
  const keys = rows.map(({ line, typed }) => ({ line, key: typed[key] }));
  const checked = rows.map(({ line, typed, tooLong }) => {
    const { item, problems } = check(typed);
    const all = [...(tooLong ? [{ detail: '列数多于表头' }] : []), ...problems];
    return { item, problems: all.map((problem) => ({ line, ...problem })) };
  });
  return {
    items: checked.flatMap(({ item }) => item ?? []),
    problems: [...checked.flatMap(({ problems }) => problems), ...repeated(key, keys)],
  };
}

function fits(names: string[], columns: readonly string[], optional: readonly string[]): boolean {
  const known = [...columns, ...optional.filter((column) => names.includes(column))];
  return names.length === known.length && known.every((column) => names.includes(column));
}

function headerOf(columns: readonly string[], optional: readonly string[]): string {
  return `表头应为 ${columns.join(',')}${optional.length > 0 ? `,可另有 ${optional.join(',')}` : ''}`;
}
