import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eq, getTableColumns, getTableName } from 'drizzle-orm';
import type { Filing } from '../../store/cases/filing.ts';
import { applyPhone } from '../../store/cases/form-versions.ts';
import { lockApplication } from '../../store/cases/lock.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import { findApplication } from '../../store/cases/queries.ts';
import { type ApplicationRow, application } from '../../store/cases/tables.ts';
import { encryptedColumns, type Place } from '../../store/encryption/columns.ts';
import { boundTo, encryptedTables, keysInDatabase } from '../../store/encryption/rotation.ts';
import { openText } from '../../store/encryption/sealing.ts';
import { readContent } from '../../store/files/content.ts';
import { file } from '../../store/files/tables.ts';
import { migrateAndSeed } from '../../store/migrate.ts';
import type { Store } from '../../store/open.ts';
import { onEachDatabase } from '../harness/database/each.ts';
import { fileFully } from '../harness/database/full.ts';
import { dataKey, fileOne, hashKey, openTestStore } from '../harness/database/store.ts';
import { seed } from '../harness/policy.ts';
import { runScript, untilEnded } from '../harness/programs/scripts.ts';
import { type Namespace, openNamespace } from '../harness/run/namespace.ts';
import { askForTemporal } from '../harness/run/servers.ts';
import { until } from '../harness/until.ts';

const [k1, k2, k3] = [dataKey('k1', 7), dataKey('k2', 8), dataKey('k3', 3)];
const both = `${k2},${k1}`;
const future = new Date(Date.now() + 86_400_000).toISOString();

describe('what rotates', () => {
  it('is every encrypted column, and of each that is bound to its row is known to what', () => {
    const names = encryptedTables.map(getTableName);
    const [places, known] = [[...encryptedColumns], Object.keys(boundTo)];
    expect(places.filter(([place]) => !names.includes(place.split('.')[0] as string))).toEqual([]);
    expect(places.flatMap(([place, bound]) => (bound === 'row' ? [place] : [])).sort()).toEqual(known.sort());
  });
});

await onEachDatabase((url) => {
  describe('npm run admin -- rotate-keys', () => {
    let temporal: Namespace;
    let filesDir: string;
    beforeAll(async () => {
      temporal = await openNamespace();
      await migrateAndSeed(url(), seed);
    });
    afterAll(() => temporal?.teardown());

    async function rotate(dataKeys: string, ...args: string[]) {
      const env = {
        DATABASE_URL: url(),
        ...{ FILES_DIR: filesDir, DATA_KEYS: dataKeys, DATA_HASH_KEY: hashKey },
        ...{ TEMPORAL_ADDRESS: (await askForTemporal()).address, TEMPORAL_NAMESPACE: temporal.namespace },
      };
      const script = runScript('admin/main.ts', env, ['rotate-keys', ...args]);
      return { code: await untilEnded(script), output: script.output() };
    }

    /** Rotates in small batches, and is killed after some. */
    async function killed(): Promise<void> {
      const script = runScript('test/harness/programs/rotate-run.ts', {}, [url(), both, hashKey]);
      for (let batches = 0; batches < 5; batches += 1) await once(script.process, 'message');
      script.process.kill('SIGKILL');
      expect(await untilEnded(script)).toBe('SIGKILL');
    }

    /** People who file, correct the one case, and change the phone of the other, all the time. */
    function work(store: Store, number: string, called: string) {
      const last = { institution: '', phone: '' };
      const filed: Filing[] = [];
      let ended = false;
      const loop = async (write: (count: number) => Promise<void>) => {
        for (let count = 0; !ended; count += 1) await write(count);
      };
      const loops = [
        loop(async () => void filed.push(await fileOne(store))),
        loop(async (count) => {
          const { form } = (await findApplication(store, number)) as ApplicationRow;
          const changed = { ...form, designatedInstitution: `第${count}医院` };
          await store.db.update(application).set({ form: changed }).where(eq(application.acceptanceNumber, number));
          last.institution = changed.designatedInstitution;
        }),
        loop(async (count) => {
          const phone = `1390000${String(count).padStart(4, '0')}`;
          const change = { id: `phone-${called}-${count}`, phone, at: new Date().toISOString() };
          await store.db.transaction(async (tx) => {
            await applyPhone(store, tx, await lockApplication(tx, called), change);
          });
          last.phone = phone;
        }),
      ];
      return {
        last,
        filed,
        async end() {
          ended = true;
          await Promise.all(loops);
        },
      };
    }

    it('loses nothing that is written meanwhile, goes on after it was killed, and frees the old key', async () => {
      const before = await openTestStore(url(), [k1]);
      filesDir = before.filesDir;
      const cases: Filing[] = [];
      for (let count = 0; count < 12; count += 1) cases.push(await fileFully(before));
      const [first, second, ...others] = cases as [Filing, Filing, ...Filing[]];
      expect(await keysInDatabase(before)).toEqual(new Map([['k1', expect.any(Number)]]));
      for (const table of encryptedTables)
        expect([getTableName(table), await before.db.$count(table)]).not.toContain(0);

      const between = { ...(await openTestStore(url(), [k2, k1])), filesDir };
      const writers = work(between, first.acceptanceNumber, second.acceptanceNumber);
      await killed();
      expect([...(await keysInDatabase(between)).keys()].sort()).toEqual(['k1', 'k2']);
      const { code, output } = await rotate(both, future);
      await until('enough was written', async () => writers.filed.length > 5);
      await writers.end();
      expect(output).toContain('文件:已改用密钥 k2 加密 12 个。');
      expect(output).toContain('数据库和文件均已由密钥 k2 加密。');
      expect(output).toContain(`没有始于 ${future} 之前的流程。如果没有需要恢复的旧备份,可以从 DATA_KEYS 中删除 k1。`);
      expect(code).toBe(0);

      const after = { ...(await openTestStore(url(), [k2])), filesDir };
      await readAll(after);
      const row = async (number: string) => (await findApplication(after, number)) as ApplicationRow;
      for (const { acceptanceNumber, personal } of [first, ...others, ...writers.filed])
        expect(openPersonal(after, await row(acceptanceNumber))).toEqual(personal);
      expect(openPersonal(after, await row(second.acceptanceNumber)).applicant.phone).toBe(writers.last.phone);
      expect((await row(first.acceptanceNumber)).form.designatedInstitution).toBe(writers.last.institution);
      const contents = await Promise.all(
        (await after.db.select().from(file)).map((saved) => readContent(after, saved)),
      );
      expect(contents.map(String).sort()).toEqual(cases.map(({ acceptanceNumber }) => acceptanceNumber).sort());
      await after.close();
      await between.close();

      const again = await rotate(both, future);
      expect(again.code).toBe(0);
      expect(again.output).not.toContain('已改用');
      const refused = await rotate(k3);
      expect(refused.code).toBe(1);
      expect(refused.output).toMatch(
        /^DATA_KEYS 中缺少仍在使用的密钥:k2\(\d+ 处\)。没有改动任何数据。请补上后重新执行。\n$/,
      );

      await temporal.client.workflow.start('nobody', { workflowId: 'old', taskQueue: 'nobody' });
      await until('visibility knows', async () => (await temporal.client.workflow.count()).count === 1);
      const kept = await rotate(both, future);
      expect(kept.code).toBe(1);
      expect(kept.output).toContain(`Temporal 中还有 1 个流程的历史始于 ${future} 之前`);
      await before.close();
    }, 300_000);
  });
});

/** Every encrypted value of every table, read; those that are bound to their row, with what they are bound to. */
async function readAll(store: Store): Promise<void> {
  for (const table of encryptedTables) {
    const rows = await store.db.select().from(table);
    for (const [key, { name }] of Object.entries(getTableColumns(table))) {
      const context = boundTo[`${getTableName(table)}.${name}` as Place];
      if (!context) continue;
      for (const row of rows as Record<string, unknown>[])
        if (row[key] !== null) openText(store.keyring, context(row as never), row[key] as string);
    }
  }
}
