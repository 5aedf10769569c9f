import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { estimator } from '../policy/calendar/arrangements.ts';
import { createKeyring } from '../store/encryption/keyring.ts';
import { keysInDatabase, rotateRows } from '../store/encryption/rotation.ts';
import { keysOfFiles, rotateFiles } from '../store/files/rotate.ts';
import { migrateAndSeed } from '../store/migrate.ts';
import { openStore } from '../store/open.ts';
import { fileFully } from '../test/harness/database/full.ts';
import { startPostgres } from '../test/harness/database/postgres.ts';
import { dataKey, hashKey } from '../test/harness/database/store.ts';
import { policies, seed } from '../test/harness/policy.ts';
import { countOptions } from './load/options.ts';

/** Cases are filed so many at a time. */
const AT_ONCE = 8;

/** Measures how long it takes to encrypt anew, under another key, all that cases have left (`--count`). */
export async function benchRotate(args: string[]): Promise<void> {
  const { count } = countOptions(args, { count: 10_000 });
  const postgres = await startPostgres();
  if ('missing' in postgres) return console.log(`PostgreSQL: left out (${postgres.missing})`);
  const filesDir = await mkdtemp(join(tmpdir(), 'mente-rotate-'));
  const open = (...dataKeys: string[]) => {
    const options = { filesDir, estimate: estimator(policies), onError: () => undefined };
    return openStore({ ...options, url: postgres.adminUrl, keyring: createKeyring(dataKeys, hashKey) });
  };
  try {
    await migrateAndSeed(postgres.adminUrl, seed);
    const before = open(dataKey('k1', 7));
    let left = count;
    const file = async () => {
      while (left > 0) {
        left -= 1;
        await fileFully(before);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, file));
    await before.close();
    const store = open(dataKey('k2', 8), dataKey('k1', 7));
    const [rows, rowsTook] = await timed(() => rotateRows(store, { batch: 200 }));
    const [files, filesTook] = await timed(() => rotateFiles(store));
    const used = await keysInDatabase(store);
    if (used.has('k1') || (await keysOfFiles(store)).byKey.has('k1')) throw new Error('Something was left');
    const sum = [...rows.values()].reduce((total, ofTable) => total + ofTable, 0);
    console.log(
      `${count} cases: ${sum} rows with ${used.get('k2')} values in ${seconds(rowsTook)}, ` +
        `${files} files in ${seconds(filesTook)}`,
    );
    await store.close();
  } finally {
    await postgres.stop();
    await rm(filesDir, { recursive: true, force: true });
  }
}

async function timed<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const began = performance.now();
  return [await work(), performance.now() - began];
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
