import { createHash, randomUUID } from 'node:crypto';
import { shanghaiDate, shanghaiInstant } from '../../domain/dates.ts';
import { exceededBy, type UploadQuota } from '../../domain/files/quota.ts';
import type { Database, Store, Transaction } from '../open.ts';
import { lockUploads } from '../people/lock.ts';
import { removeContents, writeContent } from './content.ts';
import { type FileRow, file } from './tables.ts';
import { type Usage, usageOf } from './usage.ts';

/** An account has uploaded as much as it may, in a day or without handing it in. */
export class QuotaExceeded extends Error {
  readonly which: keyof UploadQuota;
  readonly usage: Usage;

  constructor(which: keyof UploadQuota, usage: Usage) {
    super(which);
    this.which = which;
    this.usage = usage;
  }
}

/** Who uploads, when (instant), and how much they may. */
export interface Uploader {
  uploadedBy: string;
  at: string;
  quota: UploadQuota;
}

/**
 * Asks before an upload is read whether there is room for it.
 * @param size what it holds at least, in bytes
 * @throws QuotaExceeded
 */
export async function assertRoom(
  { db }: { db: Database | Transaction },
  { uploadedBy, at, quota }: Uploader,
  size = 0,
): Promise<void> {
  const usage = await usageOf(db, { uploadedBy, since: shanghaiInstant(shanghaiDate(at), '00:00') });
  const which = exceededBy(usage, size, quota);
  if (which) throw new QuotaExceeded(which, usage);
}

/**
 * Keeps an uploaded file: content first, encrypted and flushed to disk, then its row, so that every row has its
 * content. A content whose row isn't there in the end is swept.
 * @throws QuotaExceeded where it doesn't fit any more, with all that was uploaded meanwhile
 */
export async function saveFile(
  store: Store,
  upload: Uploader & { content: Buffer; contentType: string },
): Promise<FileRow> {
  const { content, contentType, uploadedBy, at } = upload;
  const id = randomUUID();
  await writeContent(store, id, content);
  const row: FileRow = {
    id,
    sha256: createHash('sha256').update(content).digest('hex'),
    contentType,
    size: content.length,
    uploadedBy,
    uploadedAt: at,
    wantedAt: at,
    idNumberHash: null,
  };
  try {
    await store.db.transaction(async (tx) => {
      // One upload of an account after the other, or together they would exceed what each of them may.
      await lockUploads(tx, uploadedBy);
      await assertRoom({ db: tx }, upload, content.length);
      await tx.insert(file).values(row);
    });
  } catch (error) {
    // After any other error the row may be there all the same.
    if (error instanceof QuotaExceeded) await removeContents(store, [id]);
    throw error;
  }
  return row;
}
