import { asc, inArray } from 'drizzle-orm';
import type { Store } from '../open.ts';
import { removeContents } from './content.ts';
import { file } from './tables.ts';

/**
 * Deletes the contents of files. Their rows, which are locked meanwhile so that nobody writes a content anew, go
 * afterwards: one whose row is gone would never be found again. One that isn't there any more is no error.
 */
export async function eraseContents(store: Store, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await store.db.transaction(async (tx) => {
    await tx.select({ id: file.id }).from(file).where(inArray(file.id, ids)).orderBy(asc(file.id)).for('update');
    await removeContents(store, ids);
  });
}
