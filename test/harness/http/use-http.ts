import { afterAll, beforeAll } from '@jest/globals';
import type { Policies } from '../../../policy/versions.ts';
import { openAnyDatabase, type TestDatabase } from '../database/any.ts';
import { type Http, openHttp } from './open.ts';

/** The whole system on a database of its own, for all tests of a file or a block; it is there once they run. */
export function useHttp(policies?: Policies): Http {
  const http = {} as Http;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openAnyDatabase();
    Object.assign(http, await openHttp({ databaseUrl: database.url, ...(policies ? { policies } : {}) }));
  });
  afterAll(async () => {
    await http.close?.();
    await database?.stop();
  });
  return http;
}
