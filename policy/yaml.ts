import { readFileSync } from 'node:fs';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** A file that can't be used; the message names file, line and field of everything that is wrong. */
export class FileError extends Error {}

/** A file that was read, with what it says. */
export interface YamlFile<Value> {
  file: string;
  value: Value;
  text: string;
  document: Document;
  /** `file:line: field` of a field, for what is said about it. */
  at(path: PropertyKey[]): string;
}

/**
 * Reads a YAML file that people write, and checks it by a schema.
 * @throws FileError listing all problems, one a line
 */
export function readYaml<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  return openYaml(file, schema).value;
}

/** As `readYaml`, for those who have more to say about the file. */
export function openYaml<Schema extends z.ZodType>(file: string, schema: Schema): YamlFile<z.infer<Schema>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new FileError(`${file}: the file can't be read`, { cause });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new FileError(
      document.errors.map((error) => `${file}:${error.linePos?.[0].line ?? 1}: ${error.message}`).join('\n'),
    );
  }
  const at = (path: PropertyKey[]) =>
    `${file}:${lines.linePos(offsetOf(document, path)).line}: ${path.join('.') || 'the file'}`;
  const parsed = schema.safeParse(plain(document, file));
  if (parsed.success) return { file, value: parsed.data, text, document, at };
  const problems = parsed.error.issues.flatMap(byField).map(({ path, message }) => `${at(path)}: ${message}`);
  throw new FileError(problems.join('\n'));
}

/** The document's values; an alias (`*name`, also by mistake) without its anchor is only found out here. */
function plain(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new FileError(`${file}: ${(cause as Error).message}`, { cause });
  }
}

/** zod reports unknown fields at their parent, all in one; here each becomes a problem with a line of its own. */
function byField(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'unknown field' }));
}

/** Where a field stands in the text; a field that is missing stands where its nearest parent does. */
function offsetOf(document: Document, path: PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
