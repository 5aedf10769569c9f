import { randomUUID } from 'node:crypto';
import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { takeFiles, wantFiles } from '../../../store/files/hand-in.ts';
import { filesOfCase, findFile } from '../../../store/files/queries.ts';
import { forgetUnused, lostContents, removeDebris } from '../../../store/files/sweep.ts';
import { caseFile, file } from '../../../store/files/tables.ts';
import { saveFile } from '../../../store/files/uploads.ts';
import { migrateAndSeed } from '../../../store/migrate.ts';
import type { Store } from '../../../store/open.ts';
import { onEachDatabase } from '../../harness/database/each.ts';
import { fileOne, openTestStore, roomy } from '../../harness/database/store.ts';
import { seed } from '../../harness/policy.ts';

const now = '2026-06-20T04:00:00.000Z';
const aWeekAgo = '2026-06-13T04:00:00.000Z';
const longAgo = '2026-06-01T04:00:00.000Z';
const uploadedBy = 'applicant-1';
const theirs = { by: uploadedBy, person: uploadedBy, all: true };

/** What is deleted of the uploaded files, and what never is. */
await onEachDatabase((url) => {
  describe('a sweep', () => {
    let store: Store;
    let acceptanceNumber: string;
    beforeAll(async () => {
      await migrateAndSeed(url(), seed);
      store = await openTestStore(url());
      acceptanceNumber = (await fileOne(store)).acceptanceNumber;
    });
    afterAll(() => store?.close());
    beforeEach(async () => {
      await store.db.delete(caseFile);
      await store.db.delete(file);
      for (const name of await readdir(store.filesDir)) await rm(join(store.filesDir, name));
    });

    const upload = (at: string) =>
      saveFile(store, { content: Buffer.from('x'), contentType: 'image/png', uploadedBy, at, quota: roomy });
    const isThere = async (id: string) => [
      (await findFile(store, id)) !== undefined,
      (await readdir(store.filesDir)).includes(id),
    ];
    const forget = () => forgetUnused(store, aWeekAgo);

    it('forgets what nobody has handed in for a week, with its content, and nothing else', async () => {
      const [unused, used, young] = [await upload(longAgo), await upload(longAgo), await upload(now)];
      await store.db.transaction((tx) => takeFiles(tx, [used.id], acceptanceNumber, theirs));
      expect(await forget()).toBe(1);
      expect(await isThere(unused.id)).toEqual([false, false]);
      for (const { id } of [used, young]) expect(await isThere(id)).toEqual([true, true]);
      expect(await forget()).toBe(0);
    });

    it('forgets more than fit into one step', async () => {
      const [one] = [await upload(longAgo)];
      const rows = Array.from({ length: 1_200 }, () => ({ ...one, id: randomUUID() }));
      await store.db.insert(file).values(rows);
      expect(await forget()).toBe(1_201);
    });

    it('leaves what is about to be handed in', async () => {
      const [wanted, other] = [await upload(longAgo), await upload(longAgo)];
      const others = { by: 'somebody else', person: 'somebody else', all: true };
      expect(await wantFiles(store, [wanted.id, other.id], others, now)).toEqual(new Set());
      expect(await wantFiles(store, [wanted.id], theirs, now)).toEqual(new Set([wanted.id]));
      expect(await forget()).toBe(1);
      expect(await isThere(wanted.id)).toEqual([true, true]);
      expect(await wantFiles(store, [wanted.id, other.id], theirs, now)).toEqual(new Set([wanted.id]));
    });

    it('renews what was wanted more than an hour before, and leaves the rest as it is', async () => {
      const [young, old] = [await upload('2026-06-20T03:00:00.000Z'), await upload('2026-06-20T02:59:59.999Z')];
      const ids = [young.id, old.id];
      expect(await wantFiles(store, ids, theirs, now)).toEqual(new Set(ids));
      const wantedAt = async (id: string) => (await findFile(store, id))?.wantedAt;
      expect([await wantedAt(young.id), await wantedAt(old.id)]).toEqual(['2026-06-20T03:00:00.000Z', now]);
    });

    it('leaves what is being handed in at this moment', async () => {
      const { id } = await upload(longAgo);
      let sweeping: Promise<number> | undefined;
      await store.db.transaction(async (tx) => {
        expect(await takeFiles(tx, [id], acceptanceNumber, theirs)).toBe(1);
        sweeping = forget();
        await new Promise((resolve) => setTimeout(resolve, 200));
      });
      expect(await sweeping).toBe(0);
      expect(await isThere(id)).toEqual([true, true]);
      expect((await filesOfCase(store, acceptanceNumber)).map((row) => row.id)).toEqual([id]);
    });

    it('removes contents without a file and cut-off uploads, once they are old, and only those', async () => {
      const write = async (name: string, at: string) => {
        const path = join(store.filesDir, name);
        await writeFile(path, 'x');
        await utimes(path, new Date(at), new Date(at));
        return name;
      };
      const { id } = await upload(longAgo);
      await write(id, longAgo);
      const stay = [
        id,
        await write(randomUUID(), now),
        await write(`${randomUUID()}.part`, '2026-06-20T03:30:00.000Z'),
        await write('README', longAgo),
        await write('.nfs0001', longAgo),
      ];
      await write(randomUUID(), longAgo);
      await write(`${randomUUID()}.part`, '2026-06-20T02:00:00.000Z');
      expect(await removeDebris(store, { before: aWeekAgo, now })).toBe(2);
      expect((await readdir(store.filesDir)).sort()).toEqual(stay.sort());
    });

    it('finds nothing where nobody has uploaded anything yet', async () => {
      const nowhere = { ...store, filesDir: join(store.filesDir, 'nowhere') };
      expect(await removeDebris(nowhere, { before: aWeekAgo, now })).toBe(0);
    });

    it('names files of cases whose content is gone', async () => {
      const [lost, there] = [await upload(now), await upload(now)];
      const ids = [lost.id, there.id];
      await store.db.transaction((tx) => takeFiles(tx, ids, acceptanceNumber, theirs));
      await rm(join(store.filesDir, lost.id));
      const found: unknown[] = [];
      for await (const one of lostContents(store)) found.push(one);
      expect(found).toEqual([{ id: lost.id, acceptanceNumber }]);
      expect(await isThere(there.id)).toEqual([true, true]);
    });
  });
});
