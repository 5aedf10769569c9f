import { readFileSync } from 'node:fs';
import { Connection } from '@temporalio/client';
import { createTemporalClient } from '../api/temporal.ts';
import { ConfigError, commonEnv, readEnv } from '../config/env.ts';
import { shanghaiDate } from '../domain/dates.ts';
import { takeOverRules } from '../policy/accreditations/take-over.ts';
import { estimator } from '../policy/calendar/arrangements.ts';
import { loadPolicies } from '../policy/load.ts';
import { FileError } from '../policy/yaml.ts';
import { importAccreditations } from '../store/accreditations/take-over.ts';
import { createKeyring } from '../store/encryption/keyring.ts';
import { errorCode } from '../store/errors.ts';
import { openStore } from '../store/open.ts';
import { ensureSearchAttributes } from '../worker/namespace.ts';
import { readAccreditationList } from './accreditation-list.ts';
import { check } from './check.ts';

const usage = `npm run admin -- import-accreditations <file.csv>
npm run admin -- check [--repair]`;

/**
 * `import-accreditations <file.csv>` takes over what earlier systems granted; with anything wrong in the file, nothing.
 * `check [--repair]` compares the store with Temporal's workflows; its exit code is 1 where something is apart in the
 * end.
 */
async function main([command, argument, ...rest]: string[]): Promise<number> {
  if (rest.length > 0) return wrongUsage();
  if (command === 'import-accreditations' && argument !== undefined) return importList(argument);
  if (command === 'check' && (argument === undefined || argument === '--repair'))
    return checkAll(argument !== undefined);
  return wrongUsage();
}

function wrongUsage(): number {
  console.error(usage);
  return 2;
}

async function importList(file: string): Promise<number> {
  const { policies, store } = open();
  try {
    const now = new Date().toISOString();
    const today = shanghaiDate(now);
    const list = readAccreditationList(file, contentOf(file), policies.at(today));
    const { imported, known } = await importAccreditations(store, takeOverRules(policies, today), list, now);
    console.log(`已导入 ${imported} 项,原已有 ${known} 项。`);
  } finally {
    await store.close();
  }
  return 0;
}

async function checkAll(repair: boolean): Promise<number> {
  const { env, policies, store, keyring } = open();
  const address = env.TEMPORAL_ADDRESS;
  const connection = await Connection.connect({ address }).catch(() => {
    throw new ConfigError(`Temporal can't be reached at ${address} (TEMPORAL_ADDRESS).`);
  });
  try {
    // Where Temporal was set up anew, no worker has registered them yet.
    if (repair) await ensureSearchAttributes(connection, env.TEMPORAL_NAMESPACE);
    const client = createTemporalClient(connection, env.TEMPORAL_NAMESPACE, keyring);
    return (await check({ client, store, policies }, { repair }, console.log)) ? 0 : 1;
  } finally {
    await connection.close();
    await store.close();
  }
}

function open() {
  const env = readEnv(commonEnv);
  const policies = loadPolicies(env.POLICY_FILE);
  const keyring = createKeyring(env.DATA_KEYS, env.DATA_HASH_KEY);
  const store = openStore({
    url: env.DATABASE_URL,
    keyring,
    filesDir: env.FILES_DIR,
    estimate: estimator(policies),
    onError: () => undefined,
  });
  return { env, policies, store, keyring };
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new FileError(`${file}: 文件无法读取`, { cause });
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    const told = error instanceof ConfigError || error instanceof FileError;
    // What was not foreseen is told by its code only: its text may quote what was to be written.
    console.error(told ? error.message : `没有完成(${errorCode(error)}),可以重新执行。`);
    process.exitCode = 1;
  },
);
