import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Connection } from '@temporalio/client';
import type { Keeping } from '../activities/housekeeping/keeping.ts';
import { createTemporalClient } from '../api/temporal.ts';
import { boot, isForOperator } from '../config/boot.ts';
import { systemClock } from '../config/clock.ts';
import { ConfigError, commonEnv } from '../config/env.ts';
import { shanghaiDate } from '../domain/dates.ts';
import { takeOverRules } from '../policy/accreditations/take-over.ts';
import { FileError } from '../policy/yaml.ts';
import { importAccreditations } from '../store/accreditations/take-over.ts';
import { errorCode } from '../store/errors.ts';
import { ensureSearchAttributes } from '../worker/namespace.ts';
import { verify } from './audit.ts';
import { showCatalogue, writeCatalogue } from './catalogue/import.ts';
import { check } from './check.ts';
import { publishCircular, showCircular } from './circular.ts';
import { readAccreditationList } from './lists/accreditation-list.ts';
import { importStaff, readStaffList } from './lists/staff-list.ts';
import { readRetentionCommand, retentionUsage, runRetentionCommand } from './retention/commands.ts';
import { rotateKeys } from './rotate-keys.ts';

const usage = `npm run admin -- import-accreditations <file.csv>
npm run admin -- catalogue-import <file.csv> [--write]
npm run admin -- import-circular <file.txt> [--publish [--acknowledged]]
npm run admin -- staff-import <file.csv> [--dry-run]
npm run admin -- check [--repair]
npm run admin -- rotate-keys [<instant>]
npm run admin -- audit verify [<log of the api>]
${retentionUsage}`;

/**
 * `import-accreditations <file.csv>` takes over what earlier systems granted; if anything in the file is wrong, nothing
 * is taken over. `catalogue-import <file.csv>` shows what it understands of a bureau's list of diseases, and writes the
 * newest version of the policy only with `--write`. `import-circular <file.txt>` shows what it understands of a circular
 * (放假通知), and publishes it only with `--publish`; where something looks wrong, only with `--acknowledged` too.
 * `staff-import <file.csv>` puts people on the list of staff, or changes what is known of them, all or none; with
 * `--dry-run` it only says what would change. `check [--repair]` compares the store
 * with Temporal's workflows; its exit code is 1 if a difference is left in the end. `rotate-keys [<instant>]` encrypts
 * anew what isn't encrypted with the first of DATA_KEYS, and says whether the others are needed any more; its exit code
 * is 1 if they are. The instant is that since which every process has had that key as its first one; now, where it isn't
 * given. `export`, `erase`, `hold`, `lift-hold` and `holds` are about what is held of a person. `audit verify [<log>]`
 * names what was changed, added or removed in the audit; with the api's log
 * also where all that came last was removed.
 */
async function main(args: string[]): Promise<number> {
  const retention = readRetentionCommand(args, systemClock());
  if (retention) return withTemporal(({ keeping }) => runRetentionCommand(keeping, retention, console.log));
  const [command, argument, ...rest] = args;
  if (command === 'audit' && argument === 'verify' && rest.length <= 1) return verifyAll(rest[0]);
  if (command === 'import-circular' && argument !== undefined) return importCircular(argument, rest);
  if (command === 'catalogue-import' && argument !== undefined) return importCatalogue(argument, rest);
  if (command === 'staff-import' && argument !== undefined) return importStaffList(argument, rest);
  if (rest.length > 0) return wrongUsage();
  if (command === 'import-accreditations' && argument !== undefined) return importList(argument);
  if (command === 'check' && (argument === undefined || argument === '--repair'))
    return checkAll(argument !== undefined);
  if (command === 'rotate-keys' && (argument === undefined || isInstant(argument))) return rotateAll(argument);
  return wrongUsage();
}

function wrongUsage(): number {
  console.error(usage);
  return 2;
}

function importList(file: string): Promise<number> {
  return withStore(async ({ policies, store, now }) => {
    const at = now();
    const today = shanghaiDate(at);
    const list = readAccreditationList(file, contentOf(file), policies.at(today));
    const { imported, known } = await importAccreditations(store, takeOverRules(policies, today), list, at);
    console.log(`已导入 ${imported} 项,原已有 ${known} 项。`);
    return 0;
  });
}

function importCatalogue(file: string, flags: string[]): Promise<number> | number {
  if (!['', '--write'].includes(flags.join(' '))) return wrongUsage();
  return withStore(async ({ env, store }) => {
    const list = [env.POLICY_FILE, file, contentOf(file), console.log] as const;
    if (flags.length > 0) return (await writeCatalogue(store, ...list)) ? 0 : 1;
    showCatalogue(...list);
    console.log('没有写入;核对无误后加 --write 写入。');
    return 0;
  });
}

function importStaffList(file: string, flags: string[]): Promise<number> | number {
  if (!['', '--dry-run'].includes(flags.join(' '))) return wrongUsage();
  return withStore(async ({ store, now }) => {
    const members = readStaffList(file, contentOf(file));
    const act = { dryRun: flags.length > 0, by: userInfo().username, at: now() };
    await importStaff(store, members, act, console.log);
    return 0;
  });
}

function importCircular(file: string, flags: string[]): Promise<number> | number {
  if (!['', '--publish', '--publish --acknowledged'].includes(flags.join(' '))) return wrongUsage();
  const text = contentOf(file).toString();
  if (flags.length > 0)
    return withTemporal(async ({ keeping }) => {
      return (await publishCircular(keeping, text, flags.length > 1, console.log)) ? 0 : 1;
    });
  return withStore(async (opened) => {
    if (!(await showCircular(opened, text, console.log))) return 1;
    console.log('没有公布;核对无误后加 --publish 公布。');
    return 0;
  });
}

/** With a time zone, as 2026-11-27T11:00:00+08:00. */
const isInstant = (text: string) => /T.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));

function rotateAll(since: string | undefined): Promise<number> {
  return withTemporal(async ({ keeping }) => {
    const at = new Date(since ?? keeping.now()).toISOString();
    return (await rotateKeys(keeping, at, console.log)) ? 0 : 1;
  });
}

function verifyAll(log: string | undefined): Promise<number> {
  return withStore(async ({ store }) => ((await verify(store, log && contentOf(log).toString(), console.log)) ? 0 : 1));
}

async function connect(address: string): Promise<Connection> {
  return Connection.connect({ address }).catch(() => {
    throw new ConfigError(`Temporal can't be reached at ${address} (TEMPORAL_ADDRESS).`);
  });
}

function checkAll(repair: boolean): Promise<number> {
  return withTemporal(async ({ keeping, connection, namespace }) => {
    // On a Temporal that was set up anew, no worker has registered the search attributes yet.
    if (repair) await ensureSearchAttributes(connection, namespace);
    return (await check(keeping, { repair }, console.log)) ? 0 : 1;
  });
}

interface Opened {
  keeping: Keeping;
  connection: Connection;
  namespace: string;
}

/** Opens the store for some work, and closes it after it. */
async function withStore(work: (opened: ReturnType<typeof openBooted>) => Promise<number>): Promise<number> {
  const booted = openBooted();
  return work(booted).finally(() => booted.store.close());
}

const openBooted = () => boot(commonEnv, null);

/** As `withStore`, with Temporal. */
function withTemporal(work: (opened: Opened) => Promise<number>): Promise<number> {
  return withStore(async ({ env, policies, store, keyring, now }) => {
    const connection = await connect(env.TEMPORAL_ADDRESS);
    const namespace = env.TEMPORAL_NAMESPACE;
    const client = createTemporalClient(connection, namespace, keyring);
    const keeping = { client, store, policies, now };
    return work({ keeping, connection, namespace }).finally(() => connection.close());
  });
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
    // An unforeseen error shows its code only: its text may quote personal data that was to be written.
    console.error(isForOperator(error) ? error.message : `没有完成(${errorCode(error)}),可以重新执行。`);
    process.exitCode = 1;
  },
);
