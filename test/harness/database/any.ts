import { startThrowawayPglite } from '../../../dev/stack/throwaway-pglite.ts';
import { startPostgres } from './postgres.ts';

/** A database server of a test's own, empty. */
export interface TestDatabase {
  url: string;
  stop(): Promise<void>;
}

/** A PostgreSQL server where there is one, else PGlite: for tests that are not about the store. */
export async function startAnyDatabase(): Promise<TestDatabase> {
  const server = await startPostgres();
  return 'missing' in server ? startThrowawayPglite() : { url: server.adminUrl, stop: server.stop };
}
