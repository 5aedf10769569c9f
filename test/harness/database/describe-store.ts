import { afterAll, beforeAll, describe } from '@jest/globals';
import { migrateAndSeed } from '../../../store/migrate.ts';
import type { Store } from '../../../store/open.ts';
import { seed } from '../policy.ts';
import { onEachDatabase } from './each.ts';
import { openTestStore } from './store.ts';

/**
 * Runs tests of the store on both databases.
 * @param tests get a store of their own, which is there once they run, and its URL
 */
export const describeStore = (name: string, tests: (store: Store, url: () => string) => void): Promise<void> =>
  onEachDatabase((url) => {
    describe('the store', () => {
      const store = {} as Store;
      beforeAll(async () => {
        await migrateAndSeed(url(), seed);
        Object.assign(store, await openTestStore(url()));
      });
      afterAll(() => store.close?.());
      describe(name, () => tests(store, url));
    });
  });
