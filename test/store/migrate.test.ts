import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { migrateAndSeed } from '../../store/migrate.ts';
import type { Store } from '../../store/open.ts';
import { staff } from '../../store/staff/tables.ts';
import { onEachDatabase } from '../harness/database/each.ts';
import { openTestStore } from '../harness/database/store.ts';
import { seed } from '../harness/policy.ts';

await onEachDatabase((url) => {
  describe('a database', () => {
    let store: Store;
    beforeAll(async () => {
      store = await openTestStore(url());
      await migrateAndSeed(url(), seed);
    });
    afterAll(() => store?.close());

    it('that is up to date stays as it is', async () => {
      const before = await store.db.select().from(staff);
      await migrateAndSeed(url(), seed);
      expect(before).not.toEqual([]);
      expect(await store.db.select().from(staff)).toEqual(before);
    });

    it("that an unreleased version has made is told so in one sentence, and isn't touched", async () => {
      await store.db.delete(staff);
      await store.db.execute(sql`update drizzle.__drizzle_migrations set hash = 'of another migration'`);
      await expect(migrateAndSeed(url(), seed)).rejects.toThrow(/^The data is from an unreleased version.*--fresh/);
      expect(await store.db.select().from(staff)).toEqual([]);
    });
  });
});
