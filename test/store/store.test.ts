import { execFile } from 'node:child_process';
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import { deadline } from '../../domain/calendar/deadline.ts';
import { seedOf } from '../../policy/seed.ts';
import { policiesOf } from '../../policy/versions.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import { arrangement, calendar } from '../../store/calendar/tables.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import { findApplication } from '../../store/cases/queries.ts';
import { application } from '../../store/cases/tables.ts';
import { isPassing } from '../../store/errors.ts';
import { readContent } from '../../store/files/content.ts';
import { saveFile } from '../../store/files/uploads.ts';
import { migrateAndSeed } from '../../store/migrate.ts';
import { ping, type Store } from '../../store/open.ts';
import { staff } from '../../store/staff/tables.ts';
import { layCable } from '../harness/database/cable.ts';
import { onEachDatabase } from '../harness/database/each.ts';
import {
  changesOf,
  dataKey,
  fileOne,
  hashKey,
  openTestStore,
  recordChange,
  roomy,
  rules,
} from '../harness/database/store.ts';
import { filing, liNa } from '../harness/people.ts';
import { policy, policyFile, seed } from '../harness/policy.ts';

const run = promisify(execFile);
const migrationsFolder = fileURLToPath(new URL('../../store/migrations', import.meta.url));
const migrateProgram = fileURLToPath(new URL('../../admin/migrate.ts', import.meta.url));

await onEachDatabase((url) => {
  describe('the store', () => {
    let store: Store;
    const migrate = () => {
      const keys = { DATA_KEYS: dataKey('k1', 7), DATA_HASH_KEY: hashKey };
      const env = { ...process.env, ...keys, DATABASE_URL: url(), POLICY_FILE: policyFile };
      return run(process.execPath, ['--import', 'tsx', migrateProgram], { env });
    };
    beforeAll(async () => {
      // The first migration of all is run by two processes at once.
      const both = await Promise.all([migrate(), migrate()]);
      expect(both.map(({ stderr }) => stderr)).toEqual(['', '']);
      store = await openTestStore(url());
    });
    afterAll(() => store?.close());

    it('is migrated once, however often that is asked for, and keeps what was changed since', async () => {
      await store.db.update(staff).set({ email: 'new@pzh-ybj.example' }).where(eq(staff.id, 'reviewer-1'));
      const { stderr } = await migrate();
      expect(stderr).toContain(
        "The policy's staff has no effect any more, since there is a list of staff: reviewer-1 stand",
      );
      const migrations = await store.db.execute(sql`select count(*)::int as n from drizzle.__drizzle_migrations`);
      const files = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql'));
      expect(migrations.rows).toEqual([{ n: files.length }]);
      const people = await store.db.select().from(staff);
      expect(people).toHaveLength(policy.staff.length);
      expect(people).toContainEqual(expect.objectContaining({ id: 'reviewer-1', email: 'new@pzh-ybj.example' }));
    });

    it('is not migrated without a version of the policy that a case keeps', async () => {
      await fileOne(store);
      const other = policiesOf([{ ...policy, version: 'other' }]);
      await expect(migrateAndSeed(url(), { ...seed, ...seedOf(other, '2026-01-01') })).rejects.toThrow(
        `no policy version ${policy.version}`,
      );
      await migrateAndSeed(url(), seed);
    });

    describe('keeps to itself', () => {
      it('who people are: no row of any table shows it', async () => {
        const form = { ...filing(new Date().toISOString()).form, crossRegionFilingNumber: 'YD20260001' };
        const filed = await fileOne(store, {
          form,
          personal: {
            applicant: liNa,
            agent: { name: '王强', idNumber: '510402196001011119', phone: '13900139001', relation: '丈夫' },
            signature: { name: '王强', signedAt: '2026-01-01T00:00:00Z' },
          },
        });
        const { accepted } = changesOf(filed);
        const entry = { ...accepted.entry, detail: { note: '字迹潦草' } };
        await recordChange(store, filed.acceptanceNumber, { ...accepted, entry }, rules);
        const tables = await store.db.execute<{ name: string }>(
          sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
        );
        expect(tables.rows.length).toBeGreaterThan(8);
        let everything = '';
        for (const { name } of tables.rows) {
          const rows = await store.db.execute<{ text: string }>(
            sql`select row_to_json(t)::text as text from ${sql.identifier(name)} t`,
          );
          everything += rows.rows.map(({ text }) => text).join('\n');
        }
        expect(everything).toContain(filed.acceptanceNumber);
        for (const secret of [
          liNa.name,
          liNa.idNumber,
          liNa.phone,
          '王强',
          '510402196001011119',
          '13900139001',
          '丈夫',
          '攀枝花市中心医院',
          'YD20260001',
          '字迹潦草',
          '短信',
          ...policy.staff.flatMap(({ name, email, phone }) => [name, email, phone]),
        ]) {
          expect(everything).not.toContain(secret);
        }
      });

      it('a person whose encrypted part was put into another row', async () => {
        const [filed, other] = [await fileOne(store), await fileOne(store)];
        const row = await findApplication(store, filed.acceptanceNumber);
        await store.db
          .update(application)
          .set({ personal: row?.personal as string })
          .where(eq(application.acceptanceNumber, other.acceptanceNumber));
        const swapped = await findApplication(store, other.acceptanceNumber);
        expect(() => openPersonal(store, swapped as NonNullable<typeof swapped>)).toThrow();
      });

      it('nothing from those who hold the new key and the old one', async () => {
        const { acceptanceNumber, personal } = await fileOne(store);
        const rotated = await openTestStore(url(), [dataKey('k2', 8), dataKey('k1', 7)]);
        const row = await findApplication(rotated, acceptanceNumber);
        expect(openPersonal(rotated, row as NonNullable<typeof row>).applicant).toEqual(personal.applicant);
        await rotated.close();
      });

      it('what is in a file on the disk, and notices when two were exchanged', async () => {
        const save = (text: string) =>
          saveFile(store, {
            content: Buffer.from(text),
            contentType: 'application/pdf',
            uploadedBy: 'a',
            at: new Date().toISOString(),
            quota: roomy,
          });
        const [saved, other] = [await save('诊断:糖尿病'), await save('其他')];
        const path = (id: string) => join(store.filesDir, id);
        expect((await readFile(path(saved.id))).includes(Buffer.from('糖尿病'))).toBe(false);
        expect((await readContent(store, saved)).toString()).toBe('诊断:糖尿病');
        await rename(path(saved.id), path(other.id));
        await expect(readContent(store, other)).rejects.toThrow();
      });
    });

    it('reads a version of the calendar once, and the next one when it is in force', async () => {
      const ledger = { acceptedOn: '2025-09-26', workingDays: 1, pauses: [] };
      const before = await readCalendar(store);
      expect(await readCalendar(store)).toBe(before);
      expect(deadline(ledger, before).dueOn).toBe('2025-09-28');

      const version = before.version + 1;
      await store.db.transaction(async (tx) => {
        await tx
          .insert(arrangement)
          .values({ year: 2025, version, daysOff: { '2025-09-29': '测试' }, makeUpDays: {}, circular: '测试1号' });
        await tx.update(calendar).set({ version });
      });
      const after = await readCalendar(store);
      expect(after.version).toBe(version);
      expect(deadline(ledger, after).dueOn).toBe('2025-09-30');
      // Other years are as they were, and what has been read doesn't change any more.
      expect(after.arrangement(2024)).toEqual(before.arrangement(2024));
      expect(deadline(ledger, before).dueOn).toBe('2025-09-28');
    });

    it('has all its connections again after an outage that met every one as its transaction began', async () => {
      const cable = await layCable(url());
      const fragile = await openTestStore(cable.url);
      const all = Array.from({ length: 10 });
      await Promise.all(all.map(() => ping(fragile)));
      cable.hold();
      const begun = Promise.allSettled(all.map(() => fragile.db.transaction((tx) => tx.execute(sql`select 1`))));
      // Held, not yet broken: what `begin` says is on its way.
      await new Promise(setImmediate);
      cable.cut();
      expect(new Set((await begun).map(({ status }) => status))).toEqual(new Set(['rejected']));
      cable.mend();
      await expect(ping(fragile)).resolves.toBeUndefined();
      await fragile.close();
      await cable.close();
    });

    it('survives the loss of its connection in the middle of a transaction, and says that it may pass', async () => {
      const cable = await layCable(url());
      const fragile = await openTestStore(cable.url);
      const broken = fragile.db.transaction(async (tx) => {
        await tx.execute(sql`select 1`);
        cable.cut();
        await tx.execute(sql`select 1`);
      });
      const error = await broken.catch((cause: unknown) => cause);
      expect([isPassing(error), isPassing(new Error('anything else'))]).toEqual([true, false]);
      await expect(ping(fragile)).rejects.toThrow();
      cable.mend();
      await expect(ping(fragile)).resolves.toBeUndefined();
      await fragile.close();
      await cable.close();
    });
  });
});
