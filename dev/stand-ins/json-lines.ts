import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file in which a stand-in keeps something across restarts: each line is a JSON text. */
export interface JsonLines<Entry> {
  /** The entries that the file held when it was opened. */
  entries: Entry[];
  append(entry: Entry): void;
}

/** @param dataDir folder of the file; undefined keeps nothing */
export function openJsonLines<Entry>(dataDir: string | undefined, name: string): JsonLines<Entry> {
  if (!dataDir) return { entries: [], append: () => undefined };
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, name);
  return {
    entries: existsSync(file) ? readEntries(file) : [],
    // The line break comes first, so that a line that a kill has cut short doesn't swallow the next one.
    append: (entry) => appendFileSync(file, `\n${JSON.stringify(entry)}`),
  };
}

/** Reads the entries; a line that doesn't parse was cut short by a kill, and is left out. */
function readEntries<Entry>(file: string): Entry[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Entry];
      } catch {
        return [];
      }
    });
}
