import { Document, isMap, isSeq, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { ListedDisease } from './list.ts';

/** What a list changes of a catalogue: names of the columns of a disease that was there, or that it wasn't. */
export interface Edit {
  disease: ListedDisease;
  changed: string[] | 'added';
}

/**
 * Puts the diseases of a list in the place of a policy file's catalogue. What the list has no column for stays as it is,
 * and so do the comments of the diseases that stay, and all the rest of the file to the letter.
 */
export function withDiseases(
  file: string,
  diseases: ListedDisease[],
): { text: string; edits: Edit[]; removed: string[] } {
  const document = parseDocument(file);
  const pair = (document.contents as YAMLMap).items.find(({ key }) => String(key) === 'catalogue') as Pair;
  const catalogue = pair.value as YAMLSeq<YAMLMap>;
  const held = new Map(catalogue.items.map((item) => [String(item.get('code')), item]));
  const edits = diseases.map((disease): Edit & { item: YAMLMap } => {
    const item = held.get(disease.code);
    const target = item ?? newDisease(document, disease);
    const changed = disease.cells.filter(({ column, value }) => write(document, target, column.path, value));
    return { disease, item: target, changed: item ? changed.map(({ column }) => column.title) : 'added' };
  });
  const listed = diseases.map(({ code }) => code);
  const isSame = edits.every(({ changed }) => changed.length === 0) && isAlike([...held.keys()], listed);
  catalogue.items = edits.map(({ item }) => item);
  return {
    text: isSame ? file : replaced(file, pair, catalogue),
    edits,
    removed: [...held.keys()].filter((code) => !listed.includes(code)),
  };
}

/** As short files write them: a disease on one line. */
function newDisease(document: Document, { code, name }: ListedDisease): YAMLMap {
  const item = document.createNode({ code, name, photo: false }) as YAMLMap;
  item.flow = true;
  return item;
}

/** Writes what a cell says; an empty one takes the field out. @returns whether it said something else before */
function write(document: Document, item: YAMLMap, path: string[], value: unknown): boolean {
  const node = item.getIn(path, true);
  const before = isMap(node) || isSeq(node) ? node.toJS(document) : item.getIn(path);
  if (isAlike(before, value) || (value === undefined && isNothing(path, before))) return false;
  if (value === undefined) remove(item, path);
  else item.setIn(path, Array.isArray(value) ? onOneLine(document, value, node) : value);
  return true;
}

/** A list as short files write it, with the comment of the one that it takes the place of. */
function onOneLine(document: Document, values: unknown[], before: unknown): YAMLSeq {
  const list = document.createNode(values) as YAMLSeq;
  list.flow = true;
  if (isSeq(before)) list.comment = before.comment;
  return list;
}

/** Whether two values, or lists of them, say the same. */
const isAlike = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What the policy takes for said where nothing is. A photo has to be said. */
function isNothing([field]: string[], before: unknown): boolean {
  return before === undefined || before === null || before === false || field === 'photo';
}

/** Takes a field out, and what holds nothing any more without it. */
function remove(item: YAMLMap, path: string[]): void {
  item.deleteIn(path);
  const parent = path.slice(0, -1);
  const node = parent.length > 0 ? item.getIn(parent, true) : undefined;
  if (isMap(node) && node.items.length === 0) remove(item, parent);
}

/** The file's text with another catalogue, written as YAML writes it. */
function replaced(file: string, { key }: Pair, catalogue: YAMLSeq): string {
  const [from] = (key as { range: [number, number, number] }).range;
  const [, , to] = catalogue.range as [number, number, number];
  const alone = new Document({ catalogue: null });
  alone.set('catalogue', catalogue);
  return file.slice(0, from) + alone.toString({ lineWidth: 0 }) + file.slice(to);
}
