import { opendir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { and, asc, eq, gt, inArray, isNull, lt, ne, sql } from 'drizzle-orm';
import { errorCode } from '../errors.ts';
import type { Store } from '../open.ts';
import { PART, removeContents } from './content.ts';
import { caseFile, file, GOING } from './tables.ts';

const BATCH = 500;
/** An upload is written within seconds. */
const PART_MS = 3_600_000;

/**
 * Forgets the files that no case has and nobody has wanted since this instant. One that is being handed in at this
 * moment is waited for, and then left alone.
 * @returns how many they were
 */
export async function forgetUnused(store: Store, before: string): Promise<number> {
  const unused = and(isNull(file.idNumberHash), lt(file.wantedAt, before));
  for (let forgotten = 0; ; ) {
    const some = store.db.select({ id: file.id }).from(file).where(unused).limit(BATCH);
    // The condition again: a row that another transaction has changed meanwhile is looked at once more.
    const rows = await store.db
      .delete(file)
      .where(and(inArray(file.id, some), unused))
      .returning({ id: file.id });
    await removeContents(
      store,
      rows.map(({ id }) => id),
    );
    forgotten += rows.length;
    if (rows.length < BATCH) return forgotten;
  }
}

/**
 * Removes what lies in FILES_DIR without a row and was written before this instant, and uploads of more than an hour
 * ago that were cut off.
 * @param now instant
 * @returns how many they were
 */
export async function removeDebris(store: Store, { before, now }: { before: string; now: string }): Promise<number> {
  let removed = 0;
  for await (const names of someNames(store)) {
    const parts = names.filter((name) => name.endsWith(PART));
    const others = names.filter((name) => !name.endsWith(PART));
    const known = await store.db.select({ id: file.id }).from(file).where(inArray(file.id, others));
    const ids = new Set(known.map(({ id }) => id));
    const withoutRow = others.filter((name) => !ids.has(name));
    removed += await removeOlder(store, withoutRow, Date.parse(before));
    removed += await removeOlder(store, parts, Date.parse(now) - PART_MS);
  }
  return removed;
}

/** Names in FILES_DIR, some at a time; none where there is no such folder yet. */
async function* someNames({ filesDir }: Store): AsyncGenerator<string[]> {
  const folder = await opendir(filesDir).catch((error) => {
    if (errorCode(error) !== 'ENOENT') throw error;
  });
  let names: string[] = [];
  for await (const entry of folder ?? []) {
    if (!entry.isFile() || !ours.test(entry.name)) continue;
    names.push(entry.name);
    if (names.length < BATCH) continue;
    yield names;
    names = [];
  }
  yield names;
}

/** What we have written: an id, or an id's part. What somebody else has put there is left alone. */
const ours = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}(\.part)?$/;

/** @param before milliseconds: what was written since then stays */
async function removeOlder({ filesDir }: Store, names: string[], before: number): Promise<number> {
  let removed = 0;
  for (const name of names) {
    const path = join(filesDir, name);
    const written = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (written === undefined || written >= before) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

/**
 * Files of cases whose content is gone: FILES_DIR is older than the database, or another one. Each with one of its
 * cases, the first in the order of their numbers.
 */
export async function* lostContents(store: Store): AsyncGenerator<{ id: string; acceptanceNumber: string }> {
  for (let after = ''; ; ) {
    const rows = await store.db
      .select({ id: file.id, acceptanceNumber: sql<string>`min(${caseFile.acceptanceNumber})` })
      .from(file)
      .innerJoin(caseFile, eq(caseFile.fileId, file.id))
      .where(and(ne(file.idNumberHash, GOING), gt(file.id, after)))
      .groupBy(file.id)
      .orderBy(asc(file.id))
      .limit(BATCH);
    for (const { id, acceptanceNumber } of rows) {
      const isLost = await stat(join(store.filesDir, id)).then(
        () => false,
        (error) => errorCode(error) === 'ENOENT',
      );
      if (isLost) yield { id, acceptanceNumber };
    }
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = last.id;
  }
}
