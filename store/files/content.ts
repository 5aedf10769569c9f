import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../errors.ts';
import type { Store } from '../open.ts';

/** The content of a file is gone: FILES_DIR is older than the database, or isn't the right one. */
export class ContentLost extends Error {}

/** A content couldn't be written, as `cause` says: the disk is full, fails, or isn't ours to write to. */
export class NotWritten extends Error {}

/** What is written under a name of this kind isn't whole yet. */
export const PART = '.part';

/**
 * Writes a file's content, encrypted, and flushes it to disk. Where that fails (the disk is full), nothing is left of
 * it, or the next one would find the disk full, too.
 * @throws NotWritten
 */
export async function writeContent({ filesDir, keyring }: Store, id: string, content: Buffer): Promise<void> {
  const target = join(filesDir, id);
  try {
    await mkdir(filesDir, { recursive: true });
    const handle = await open(target + PART, 'w', 0o600);
    try {
      await handle.writeFile(keyring.encrypt(content, id));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(target + PART, target);
  } catch (cause) {
    await rm(target + PART, { force: true }).catch(() => undefined);
    throw new NotWritten('the content was not written', { cause });
  }
}

/**
 * The content as it was uploaded.
 * @throws ContentLost
 */
export async function readContent({ filesDir, keyring }: Store, { id }: { id: string }): Promise<Buffer> {
  const sealed = await readFile(join(filesDir, id)).catch((error) => {
    throw errorCode(error) === 'ENOENT' ? new ContentLost() : error;
  });
  return keyring.decrypt(sealed, id);
}

/** Removes contents, whether they are there or not. */
export async function removeContents({ filesDir }: Store, ids: string[]): Promise<void> {
  for (const id of ids) await rm(join(filesDir, id), { force: true });
}
