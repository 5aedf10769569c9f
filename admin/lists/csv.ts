import { CsvError, parse } from 'csv-parse/sync';
import { FileError } from '../../policy/yaml.ts';

/** What is wrong with a list, in Chinese, and in which line. It never quotes a cell that may hold personal data. */
export interface Problem {
  line: number;
  column?: string;
  detail: string;
}

export interface Line {
  /** Counted from 1, the header being the first. */
  number: number;
  cells: string[];
}

/** The lines of a CSV file, in UTF-8 with or without a byte order mark, the header among them; or why there are none. */
export function linesOf(content: Buffer): Line[] | Problem {
  const options = {
    info: true,
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
  } as const;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content).replaceAll('\r\n', '\n');
    const records = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ number: info.lines, cells: record }));
  } catch (error) {
    if (error instanceof CsvError) return { line: error.lines as number, detail: '引号不成对' };
    return { line: 1, detail: '文件不是 UTF-8 编码,请另存为“CSV UTF-8”' };
  }
}

/** Problems of lines whose key stands in an earlier line already; an empty one doesn't count. */
export function repeated(column: string, lines: { line: number; key: string | undefined }[]): Problem[] {
  const first = new Map<string, number>();
  return lines.flatMap(({ line, key }) => {
    if (!key) return [];
    const before = first.get(key);
    if (before !== undefined) return [{ line, column, detail: `与第 ${before} 行重复` }];
    first.set(key, line);
    return [];
  });
}

/** All that is wrong with a list, a line each, in their order. */
export function problemsIn(file: string, problems: Problem[]): FileError {
  const inOrder = problems.toSorted((a, b) => a.line - b.line);
  const texts = inOrder.map(({ line, column, detail }) => `${file}:${line}: ${column ? `${column}: ` : ''}${detail}`);
  return new FileError(texts.join('\n'));
}
