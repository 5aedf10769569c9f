import { afterAll, beforeAll, describe } from '@jest/globals';
import { onEachDatabase } from '../database/each.ts';
import { type Http, openHttp } from './open.ts';

/** Runs tests of the api on both databases. @param tests get an app of their own, which is there once they run */
export const describeApi = (name: string, tests: (http: Http) => void): Promise<void> =>
  onEachDatabase((url) => {
    describe('the api', () => {
      const http = {} as Http;
      beforeAll(async () => {
        Object.assign(http, await openHttp({ databaseUrl: url() }));
      });
      afterAll(() => http.close?.());
      describe(name, () => tests(http));
    });
  });
