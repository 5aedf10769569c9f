import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { asc, eq, gt } from 'drizzle-orm';
import { keyIdOf } from '../encryption/keyring.ts';
import { errorCode } from '../errors.ts';
import type { Store } from '../open.ts';
import { ContentLost, readContent, writeContent } from './content.ts';
import { file } from './tables.ts';

/** How many rows are read at once. */
const PAGE = 500;
/** A key's id is shorter than that. */
const HEAD_BYTES = 256;

/** How many files each key has encrypted, by the key's id; `missing` have a row and no content. */
export async function keysOfFiles(store: Store): Promise<{ byKey: Map<string, number>; missing: number }> {
  const byKey = new Map<string, number>();
  let missing = 0;
  for await (const id of fileIds(store)) {
    const keyId = await keyOf(store, id);
    if (keyId === undefined) missing += 1;
    else byKey.set(keyId, (byKey.get(keyId) ?? 0) + 1);
  }
  return { byKey, missing };
}

/**
 * Encrypts anew, under the first key, the files that another key has encrypted: beside the file, then in its place, so
 * that whoever reads it finds the one or the other. Its row is locked meanwhile: a file that is deleted doesn't come
 * back. Cut off anywhere, it goes on where it stopped.
 * @returns how many files were encrypted anew
 */
export async function rotateFiles(store: Store, onFile: () => void = () => undefined): Promise<number> {
  let done = 0;
  for await (const id of fileIds(store)) {
    const keyId = await keyOf(store, id);
    if (keyId === undefined || keyId === store.keyring.keyIds[0]) continue;
    if (!(await rotateFile(store, id))) continue;
    done += 1;
    onFile();
  }
  return done;
}

/** @returns false where it isn't there any more */
function rotateFile(store: Store, id: string): Promise<boolean> {
  return store.db.transaction(async (tx) => {
    const [row] = await tx.select({ id: file.id }).from(file).where(eq(file.id, id)).for('no key update');
    if (!row) return false;
    const content = await readContent(store, row).catch((error: unknown) => {
      if (!(error instanceof ContentLost)) throw error;
    });
    if (content) await writeContent(store, id, content);
    return content !== undefined;
  });
}

async function* fileIds({ db }: Store): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const rows = await db
      .select({ id: file.id })
      .from(file)
      .where(gt(file.id, after))
      .orderBy(asc(file.id))
      .limit(PAGE);
    yield* rows.map(({ id }) => id);
    if (rows.length < PAGE) return;
    after = (rows.at(-1) as { id: string }).id;
  }
}

/** Undefined where there is no content. */
async function keyOf({ filesDir }: Store, id: string): Promise<string | undefined> {
  try {
    const handle = await open(join(filesDir, id));
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return keyIdOf(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
