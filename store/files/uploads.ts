import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { and, eq, ne, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { type ApplicationRow, application } from '../cases/tables.ts';
import type { Store } from '../open.ts';
import { isAny, isOf, prepared } from '../prepared.ts';
import { type FileRow, file } from './tables.ts';

/**
 * Keeps an uploaded file: content first, encrypted and flushed to disk, then its row, so that every row has its content.
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

export async function findFile(store: Store, id: string): Promise<FileRow | undefined> {
  return (await findFiles(store, [id]))[0];
}

/** The files with these ids, in no order; unknown ids are left out. */
export async function findFiles(store: Store, ids: string[]): Promise<FileRow[]> {
  return ids.length === 0 ? [] : withIds(store.db, { ids });
}

const withIds = prepared('files', (db) => db.select().from(file).where(isAny(file.id, 'ids')));

/** The content as it was uploaded. */
export async function readContent(store: Store, { id }: FileRow): Promise<Buffer> {
  return store.keyring.decrypt(await readFile(join(store.filesDir, id)), id);
}

/**
 * Files of a case whose content was also handed in for somebody else: the same SHA-256 in a case of another ID number.
 * @returns by file id, acceptance numbers of such cases; four are enough to know that there are more than a person wants to read
 */
export async function filesOfOthers(
  store: Store,
  { acceptanceNumber, idNumberHash }: Pick<ApplicationRow, 'acceptanceNumber' | 'idNumberHash'>,
): Promise<Map<string, string[]>> {
  const rows = await sharedFiles(store.db, { acceptanceNumber, idNumberHash });
  return new Map(rows.map(({ id, numbers }) => [id, numbers]));
}

const same = alias(file, 'same');
const number = application.acceptanceNumber;
const sharedFiles = prepared('files of others', (db) =>
  db
    .select({ id: file.id, numbers: sql<string[]>`(array_agg(distinct ${number} order by ${number}))[1:4]` })
    .from(file)
    .innerJoin(same, eq(same.sha256, file.sha256))
    .innerJoin(application, eq(number, same.acceptanceNumber))
    .where(and(isOf(file), ne(application.idNumberHash, sql.placeholder('idNumberHash'))))
    .groupBy(file.id),
);
