import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import type { YamlFile } from '../yaml.ts';

/** A line of a policy that is marked 待核实: the guide doesn't give its values. */
export interface Unverified {
  line: number;
  /** The field that begins on the line, or after a comment that has the line to itself. */
  field: string;
  /** As it is written; empty where it isn't all on the line. */
  value: string;
  note: string;
}

/** In quotation marks the word is only quoted, and marks nothing. */
const marked = /(?<![“"])待核实/;

/** The lines of a policy file that are marked 待核实, in order. */
export function unverified({ document, text }: Pick<YamlFile<unknown>, 'document' | 'text'>): Unverified[] {
  const fields = [...fieldsOf(document.contents as ParsedNode | null, [])];
  let begin = 0;
  return text.split('\n').flatMap((source, index) => {
    const start = begin;
    begin += source.length + 1;
    const hash = commentOf(source, start, fields);
    if (hash < 0 || !marked.test(source.slice(hash))) return [];
    const field = fields.find(({ from }) => from >= start);
    const ended = field !== undefined && field.range[1] <= start + hash;
    return {
      line: index + 1,
      field: field?.path.join('.') ?? '',
      value: ended ? text.slice(...field.range) : '',
      note: source.slice(hash + 1).trim(),
    };
  });
}

/** Where the line's comment begins; -1 where there is none. A # within a text begins no comment. */
function commentOf(source: string, start: number, fields: Field[]): number {
  const within = (offset: number) => fields.some(({ text, range }) => text && range[0] <= offset && offset < range[1]);
  return [...source.matchAll(/(?<=^|\s)#/g)].map(({ index }) => index).find((at) => !within(start + at)) ?? -1;
}

interface Field {
  path: unknown[];
  /** Offset of its key, or of the item itself in a list. */
  from: number;
  /** Offsets of its value. */
  range: [from: number, to: number];
  /** The value is a text or a number, and holds no other field. */
  text: boolean;
}

function* fieldsOf(node: ParsedNode | null, path: unknown[]): Generator<Field> {
  const children = isMap(node)
    ? node.items.map(({ key, value }) => ({ name: isScalar(key) ? key.value : '', from: key.range[0], value }))
    : isSeq(node)
      ? node.items.map((value, index) => ({
          name: index,
          from: (value as ParsedNode).range[0],
          value: value as ParsedNode,
        }))
      : [];
  for (const { name, from, value } of children) {
    const own = [...path, name];
    const [begin = from, end = from] = value?.range ?? [];
    yield { path: own, from, range: [begin, end], text: isScalar(value) };
    yield* fieldsOf(value, own);
  }
}
