import { afterAll, beforeAll, describe } from '@jest/globals';
import { onEachDatabase } from '../database/each.ts';
import { type Http, openHttp } from './open.ts';

/**
 * Runs suites of the api, each under its name, on both databases: one app for all of them, since what takes long is starting
 * the servers.
 */
export const describeApi = (suites: Record<string, (shared: () => Http) => void>) =>
  onEachDatabase((url) => {
    describe('the api', () => {
      let http: Http;
      beforeAll(async () => {
        http = await openHttp({ databaseUrl: url() });
      });
      afterAll(() => http?.close());
      for (const [name, suite] of Object.entries(suites)) describe(name, () => suite(() => http));
    });
  });
