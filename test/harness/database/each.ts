import { afterAll, beforeAll, describe } from '@jest/globals';
import { startThrowawayPglite } from '../../../dev/stack/throwaway-pglite.ts';
import type { TestDatabase } from './any.ts';
import { startPostgres } from './postgres.ts';

/**
 * Runs the same tests on PGlite and on a real PostgreSQL; where there is none they are skipped, and the name says why.
 * @param tests gets a function that answers the URL of the empty database, once the tests run
 */
export async function onEachDatabase(tests: (url: () => string) => void): Promise<void> {
  const postgres = await startPostgres();
  let pglite: TestDatabase;
  describe('on PGlite', () => {
    beforeAll(async () => {
      pglite = await startThrowawayPglite();
    });
    tests(() => pglite.url);
    // After the tests' own clean-up, which still needs it.
    afterAll(() => pglite?.stop());
  });
  if ('missing' in postgres) {
    describe.skip(`on PostgreSQL (skipped: ${postgres.missing})`, () => tests(() => ''));
  } else {
    describe('on PostgreSQL', () => {
      tests(() => postgres.adminUrl);
      afterAll(() => postgres.stop());
    });
  }
}
