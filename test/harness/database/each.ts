import { afterAll, beforeAll, describe } from '@jest/globals';
import { askForPostgres, borrowPglite } from '../run/servers.ts';
import { openDatabaseOn, type TestDatabase } from './any.ts';

/**
 * Runs the same tests on PGlite and on a real PostgreSQL; where there is none they are skipped, and the name says why.
 * @param tests gets a function that answers the URL of the empty database, once the tests run
 */
export async function onEachDatabase(tests: (url: () => string) => void): Promise<void> {
  const server = await askForPostgres();
  describe('on PGlite', () => onDatabase(borrowPglite, tests));
  if ('missing' in server) describe.skip(`on PostgreSQL (skipped: ${server.missing})`, () => tests(() => ''));
  else describe('on PostgreSQL', () => onDatabase(() => openDatabaseOn(server), tests));
}

function onDatabase(open: () => Promise<TestDatabase>, tests: (url: () => string) => void): void {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  tests(() => database.url);
  // After the tests' own clean-up, which still needs it.
  afterAll(() => database?.stop());
}
