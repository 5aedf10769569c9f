import { readFileSync } from 'node:fs';
import { ConfigError, commonEnv, readEnv } from '../config/env.ts';
import { shanghaiDate } from '../domain/dates.ts';
import { estimator } from '../policy/calendar.ts';
import { loadPolicies } from '../policy/load.ts';
import { FileError } from '../policy/yaml.ts';
import { errorCode } from '../store/errors.ts';
import { createKeyring } from '../store/keyring.ts';
import { openStore } from '../store/store.ts';
import { importAccreditations } from '../store/take-over.ts';
import { readAccreditationList } from './accreditation-list.ts';

/** `admin/main.ts import-accreditations <file.csv>`: takes over what earlier systems granted; with anything wrong in the file, nothing. */
async function main([command, file, ...rest]: string[]): Promise<number> {
  if (command !== 'import-accreditations' || file === undefined || rest.length > 0) {
    console.error('npm run admin -- import-accreditations <file.csv>');
    return 2;
  }
  const env = readEnv(commonEnv);
  const policies = loadPolicies(env.POLICY_FILE);
  const now = new Date().toISOString();
  const list = readAccreditationList(file, contentOf(file), policies.at(shanghaiDate(now)));
  const store = openStore({
    url: env.DATABASE_URL,
    keyring: createKeyring(env.DATA_KEYS, env.DATA_HASH_KEY),
    filesDir: env.FILES_DIR,
    estimate: estimator(policies),
    onError: () => undefined,
  });
  try {
    const { imported, known } = await importAccreditations(store, policies, list, now);
    console.log(`已导入 ${imported} 项,原已有 ${known} 项。`);
  } finally {
    await store.close();
  }
  return 0;
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
    console.error(told ? error.message : `导入没有完成(${errorCode(error)}),可以重新导入。`);
    process.exitCode = 1;
  },
);
