import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Stack } from '../faults/stack.ts';
import { formsOf } from './secrets.ts';

/** What lies somewhere, or went somewhere, by a name of it. */
export interface Place {
  name: string;
  content: Buffer;
}

/** What is in a place that mustn't be there. */
export interface Found {
  place: string;
  what: string;
}

/** @param sought texts, by what they are */
export function search(places: Place[], sought: Record<string, string>): Found[] {
  return places.flatMap(({ name, content }) =>
    Object.entries(sought)
      .filter(([, text]) => formsOf(text).some((form) => content.includes(form)))
      .map(([what]) => ({ place: name, what })),
  );
}

/** Our database as a backup has it. @param bin the folder of PostgreSQL's programs */
export async function dumped(stack: Stack, bin: string): Promise<Place> {
  const { stdout } = await promisify(execFile)(join(bin, 'pg_dump'), ['--inserts', stack.databaseUrl], {
    encoding: 'buffer',
    maxBuffer: 2 ** 28,
  });
  return { name: 'the database', content: stdout };
}

/** Every file below the stack's folder: logs, uploads, Temporal's database, and what its providers were sent. */
export function filesOf(stack: Stack): Place[] {
  return readdirSync(stack.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(stack.folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ name: relative(stack.folder, path), content: readFileSync(path) }));
}
