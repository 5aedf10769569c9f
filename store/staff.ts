import { eq } from 'drizzle-orm';
import { staff } from './schema.ts';
import type { Store } from './store.ts';

/** A member of staff by their opaque id. */
export async function findStaff(store: Store, id: string): Promise<typeof staff.$inferSelect | undefined> {
  const [row] = await store.db.select().from(staff).where(eq(staff.id, id));
  return row;
}
