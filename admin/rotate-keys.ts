import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { ConfigError } from '../config/env.ts';
import { keysInDatabase, type Pace, rotateRows } from '../store/encryption/rotation.ts';
import { keysOfFiles, rotateFiles } from '../store/files/rotate.ts';
import type { Store } from '../store/open.ts';

/** Rows of a transaction. */
const BATCH = 200;
/** What somebody held, or wrote with an older key meanwhile, is come back to so often, and then waited for. */
const PASSES = 10;
const ONE_AT_A_TIME: Pace = { batch: 1, patient: true };
const PAUSE_MS = 500;

/** Something is encrypted with a key that isn't there any more. */
class MissingKey extends ConfigError {}

/**
 * Encrypts anew, under the first key, what another one has encrypted: all tables, then all files. People may go on
 * working meanwhile; repeated, it goes on where it was cut off.
 * @param since instant since which every process has had that key as its first one
 * @param say takes each line of the report
 * @returns whether the older keys may be removed
 * @throws MissingKey before anything is changed
 */
export async function rotateKeys(
  { store, client }: { store: Store; client: Client },
  since: string,
  say: (line: string) => void,
  pace: Partial<Pace> = {},
): Promise<boolean> {
  const [current, ...older] = store.keyring.keyIds;
  assertKnown(store, (await keysInUse(store)).byKey);
  let left = 0;
  let missing = 0;
  for (let pass = 1; pass <= PASSES; pass += 1) {
    const again = pass > 1;
    if (again) await wait(PAUSE_MS);
    // A case at which somebody works all the time would never be free by chance.
    for (const [table, rows] of await rotateRows(store, again ? ONE_AT_A_TIME : { batch: BATCH, ...pace })) {
      say(`${table}:已改用密钥 ${current} 加密 ${rows} 行。`);
    }
    const files = await rotateFiles(store);
    if (files > 0) say(`文件:已改用密钥 ${current} 加密 ${files} 个。`);
    const used = await keysInUse(store);
    missing = used.missing;
    left = [...used.byKey].reduce((sum, [keyId, values]) => (keyId === current ? sum : sum + values), 0);
    if (left === 0) break;
  }
  if (missing > 0) say(`有 ${missing} 个文件只有记录,FILES_DIR 中没有内容,未处理。`);
  if (left > 0) {
    say(`还有 ${left} 处由旧密钥加密:可能有程序仍以旧密钥为第一个密钥。请全部重启后再次执行。`);
    return false;
  }
  say(`数据库和文件均已由密钥 ${current} 加密。`);
  return older.length === 0 || isFree(client, older, since, say);
}

/** @throws MissingKey */
function assertKnown({ keyring }: Store, used: Map<string, number>): void {
  const unknown = [...used].filter(([keyId]) => !keyring.keyIds.includes(keyId));
  if (unknown.length === 0) return;
  const keys = unknown.map(([keyId, values]) => `${/^[\w-]{1,40}$/.test(keyId) ? keyId : '无法识别'}(${values} 处)`);
  throw new MissingKey(`DATA_KEYS 中缺少仍在使用的密钥:${keys.join('、')}。没有改动任何数据。请补上后重新执行。`);
}

/** How many values and files each key has encrypted; `missing` files have no content. */
async function keysInUse(store: Store): Promise<{ byKey: Map<string, number>; missing: number }> {
  const byKey = await keysInDatabase(store);
  const files = await keysOfFiles(store);
  for (const [keyId, count] of files.byKey) byKey.set(keyId, (byKey.get(keyId) ?? 0) + count);
  return { byKey, missing: files.missing };
}

/**
 * Whether no history in Temporal may hold text that an older key has encrypted. A history is encrypted as it is
 * written, so it is those of executions that began before.
 */
async function isFree({ workflow }: Client, older: string[], since: string, say: (line: string) => void) {
  const { count } = await workflow.count(`StartTime < '${since}'`);
  const keys = older.join('、');
  if (count > 0) {
    say(
      `Temporal 中还有 ${count} 个流程的历史始于 ${since} 之前,其中的文字可能由旧密钥加密,请保留 ${keys}。` +
        `这些流程结束并过了保留期后,执行 npm run admin -- rotate-keys ${since} 再次查询。`,
    );
    return false;
  }
  say(`Temporal 中没有始于 ${since} 之前的流程。如果没有需要恢复的旧备份,可以从 DATA_KEYS 中删除 ${keys}。`);
  return true;
}
