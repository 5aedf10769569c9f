import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../open.ts';
import { type FileRow, file } from './tables.ts';

/**
 * Keeps an uploaded file: content first, encrypted and flushed to disk, then its row, so that every row has its
 * content.
 * @param at instant of the upload
 */
export async function saveFile(
  store: Store,
  upload: { content: Buffer; contentType: string; uploadedBy: string; at: string },
): Promise<FileRow> {
  const id = randomUUID();
  await mkdir(store.filesDir, { recursive: true });
  const target = join(store.filesDir, id);
  const handle = await open(`${target}.part`, 'w', 0o600);
  try {
    await handle.writeFile(store.keyring.encrypt(upload.content, id));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${target}.part`, target);
  const row: FileRow = {
    id,
    sha256: createHash('sha256').update(upload.content).digest('hex'),
    contentType: upload.contentType,
    size: upload.content.length,
    uploadedBy: upload.uploadedBy,
    uploadedAt: upload.at,
    acceptanceNumber: null,
  };
  await store.db.insert(file).values(row);
  return row;
}

/** The content as it was uploaded. */
export async function readContent(store: Store, { id }: FileRow): Promise<Buffer> {
  return store.keyring.decrypt(await readFile(join(store.filesDir, id)), id);
}
