import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { sql } from 'drizzle-orm';
import { rotateKeys } from '../../../admin/rotate-keys.ts';
import { lockApplication } from '../../../store/cases/lock.ts';
import { keysInDatabase } from '../../../store/encryption/rotation.ts';
import { migrateAndSeed } from '../../../store/migrate.ts';
import type { Store } from '../../../store/open.ts';
import { openPostgresDatabase } from '../../harness/database/any.ts';
import { dataKey, fileOne, openTestStore } from '../../harness/database/store.ts';
import { seed } from '../../harness/policy.ts';
import { until } from '../../harness/until.ts';

const postgres = await openPostgresDatabase();
// PGlite has one session: there nobody ever waits for what another one holds.
const whenThere = 'missing' in postgres ? describe.skip : describe;
const note = 'missing' in postgres ? ` (skipped: ${postgres.missing})` : '';

whenThere(`a rotation${note}`, () => {
  let store: Store;
  beforeAll(async () => {
    if ('missing' in postgres) return;
    await migrateAndSeed(postgres.url, seed);
    store = await openTestStore(postgres.url);
  });
  afterAll(async () => {
    await store?.close();
    if (!('missing' in postgres)) await postgres.stop();
  });

  it('waits for a case that somebody holds whenever it comes by, and leaves none to the old key', async () => {
    if ('missing' in postgres) return;
    const { acceptanceNumber } = await fileOne(store);
    const rotating = await openTestStore(postgres.url, [dataKey('k2', 8), dataKey('k1', 7)]);
    const client = { workflow: { count: async () => ({ count: 0 }) } } as unknown as Client;
    let rotated: Promise<boolean> | undefined;
    await store.db.transaction(async (tx) => {
      await lockApplication(tx, acceptanceNumber);
      rotated = rotateKeys({ store: rotating, client }, '2026-03-02T02:00:00.000Z', () => undefined);
      const waiting = sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      await until('it waits', async () => (await store.db.execute(waiting)).rows.length > 0);
    });
    expect(await rotated).toBe(true);
    expect([...(await keysInDatabase(rotating)).keys()]).toEqual(['k2']);
    await rotating.close();
  });
});
