import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { takeLock } from '../../../dev/stack/lock.ts';
import { loadSecrets } from '../../../dev/stack/secrets.ts';
import { estimator } from '../../../policy/calendar/arrangements.ts';
import { createKeyring } from '../../../store/encryption/keyring.ts';
import { migrateAndSeed } from '../../../store/migrate.ts';
import { openStore, type Store } from '../../../store/open.ts';
import type { TestDatabase } from '../database/any.ts';
import { policies, seed } from '../policy.ts';
import { borrowPglite } from '../run/servers.ts';
import { runScript, temporaryFolder, untilEnded } from './scripts.ts';

/** `npm run admin` beside a data folder and a database of the file's own; both are there once its tests run. */
export function useAdmin(name: string) {
  const folder = temporaryFolder(name);
  const file = join(folder.path, 'imported');
  const store = {} as Store;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await borrowPglite();
    const { dataKey, hashKey } = await loadSecrets(folder.path);
    const keyring = createKeyring([`embedded:${dataKey}`], hashKey);
    await migrateAndSeed(database.url, { ...seed, keyring });
    const onError = () => undefined;
    const options = { url: database.url, keyring, filesDir: folder.path, estimate: estimator(policies), onError };
    Object.assign(store, openStore(options));
  });
  afterAll(async () => {
    await store.close?.();
    await database?.stop();
    folder.remove();
  });

  async function admin(args: string[], env: NodeJS.ProcessEnv = {}) {
    const { DATABASE_URL: _, ...inherited } = process.env;
    const script = runScript('dev/admin.ts', { ...inherited, DATABASE_URL: '', DATA_DIR: folder.path, ...env }, args);
    return { code: await untilEnded(script), output: script.output() };
  }
  async function importingWith(env: NodeJS.ProcessEnv, command: string, content: string | Buffer, ...flags: string[]) {
    writeFileSync(file, content);
    await takeLock(join(folder.path, 'lock'));
    writeFileSync(join(folder.path, 'stack.json'), '{}');
    return admin([command, file, ...flags], { PGLITE_PORT: new URL(database.url).port, ...env });
  }
  return {
    store,
    admin,
    /** The file that `importing` has it read. */
    file,
    /** Has it read a file with this content, with the settings of a stack that runs, whose database is the test's. */
    importing(command: string, content: string | Buffer, ...flags: string[]) {
      return importingWith({}, command, content, ...flags);
    },
    /** As `importing`, with further settings. */
    importingWith,
  };
}
