import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a stand-in keeps across restarts, one JSON text a line. */
export interface JsonLines<Entry> {
  /** What was there when it was opened. */
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
    // The line break comes first, so that a line that a kill cut short doesn't swallow the next one.
    append: (entry) => appendFileSync(file, `\n${JSON.stringify(entry)}`),
  };
}

/** A line that doesn't parse was cut short when the process was killed. */
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
