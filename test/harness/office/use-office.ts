import { afterAll, beforeAll } from '@jest/globals';
import { type Office, type OfficeOptions, openOffice, publishTestCalendar } from './open.ts';

/** An office under the test's calendar, for all tests of a file or a block; it is there once they run. */
export function useOffice(options: OfficeOptions = {}): Office {
  const office = {} as Office;
  beforeAll(async () => {
    Object.assign(office, await openOffice(options));
    await publishTestCalendar(office.store, await office.now());
  });
  afterAll(() => office.close?.());
  return office;
}
