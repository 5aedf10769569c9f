import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { application } from '../../../store/cases/tables.ts';
import { eraseContents, releaseFiles } from '../../../store/files/erase.ts';
import { FileTaken, takeFiles, wantFiles } from '../../../store/files/hand-in.ts';
import { filesOfCase, findFile } from '../../../store/files/queries.ts';
import { saveFile } from '../../../store/files/uploads.ts';
import { migrateAndSeed } from '../../../store/migrate.ts';
import type { Store } from '../../../store/open.ts';
import { eraseAgent } from '../../../store/retention/erase-agent.ts';
import { eraseCase } from '../../../store/retention/erase-case.ts';
import { exportPerson } from '../../../store/retention/export.ts';
import { takeOutCase } from '../../../store/retention/take-out.ts';
import { onEachDatabase } from '../../harness/database/each.ts';
import { fileOne, openTestStore, roomy } from '../../harness/database/store.ts';
import { testKeyring } from '../../harness/keyring.ts';
import { newPerson } from '../../harness/people.ts';
import { seed } from '../../harness/policy.ts';

const at = '2026-06-20T04:00:00.000Z';

/** A paper that several cases of a person have goes with the last of them. */
await onEachDatabase((url) => {
  describe('a paper of two cases', () => {
    let store: Store;
    let [idNumber, person, id] = ['', '', ''];
    let [first, second] = ['', ''];
    beforeAll(async () => {
      await migrateAndSeed(url(), seed);
      store = await openTestStore(url());
    });
    afterAll(() => store?.close());
    beforeEach(async () => {
      const applicant = newPerson();
      idNumber = applicant.idNumber;
      person = testKeyring.hash(idNumber);
      const upload = { content: Buffer.from('x'), contentType: 'image/png', uploadedBy: person, at, quota: roomy };
      id = (await saveFile(store, upload)).id;
      const personal = { applicant, signature: { name: applicant.name, signedAt: at } };
      const materials = [{ kind: 'idCard' as const, fileIds: [id] }];
      first = (await fileOne(store, { personal, materials, diseaseCode: 'M01600' })).acceptanceNumber;
      second = (await fileOne(store, { personal, materials, diseaseCode: 'M03900' })).acceptanceNumber;
      await store.db.update(application).set({ closed: true }).where(eq(application.idNumberHash, person));
    });

    const own = () => ({ by: person, person, all: true });
    const isUsable = async () => (await wantFiles(store, [id], own(), at)).has(id);
    const hasContent = async () => (await readdir(store.filesDir)).includes(id);
    /** Erases it as the activity does, without what Temporal has. */
    async function erase(acceptanceNumber: string): Promise<string[]> {
      await takeOutCase(store, acceptanceNumber, at);
      const released = await releaseFiles(store, acceptanceNumber);
      await eraseContents(store, released);
      await eraseCase(store, acceptanceNumber);
      return released;
    }

    it('stays, and can be handed in, while one of them stands', async () => {
      expect(await erase(first)).toEqual([]);
      expect((await filesOfCase(store, second)).map((row) => row.id)).toEqual([id]);
      expect([await isUsable(), await hasContent()]).toEqual([true, true]);
      expect(await erase(second)).toEqual([id]);
      expect([await findFile(store, id), await hasContent()]).toEqual([undefined, false]);
    });

    it('goes where both are erased at the same time', async () => {
      await Promise.all([erase(first), erase(second)]);
      expect([await findFile(store, id), await hasContent()]).toEqual([undefined, false]);
    });

    it('is nobody’s to hand in from the moment it is about to go, also where that is cut off', async () => {
      await erase(first);
      await takeOutCase(store, second, at);
      expect(await releaseFiles(store, second)).toEqual([id]);
      expect(await isUsable()).toBe(false);
      const third = fileOne(store, {
        personal: { applicant: { ...newPerson(), idNumber }, signature: { name: '李娜', signedAt: at } },
        ...{ diseaseCode: 'M07800', materials: [{ kind: 'idCard', fileIds: [id] }] },
      });
      await expect(third).rejects.toThrow(FileTaken);
      expect(await erase(second)).toEqual([id]);
      expect(await findFile(store, id)).toBeUndefined();
    });

    it('is handed in with one more case while the last one goes, or not at all', async () => {
      await erase(first);
      await takeOutCase(store, second, at);
      const filing = fileOne(store, {
        personal: { applicant: { ...newPerson(), idNumber }, signature: { name: '李娜', signedAt: at } },
        ...{ diseaseCode: 'M07800', materials: [{ kind: 'idCard', fileIds: [id] }] },
      });
      const [filed, released] = await Promise.allSettled([filing, releaseFiles(store, second)]);
      const isReleased = released.status === 'fulfilled' && released.value.length > 0;
      expect(filed.status === 'fulfilled').toBe(!isReleased);
    });

    it('goes with a person’s export once', async () => {
      const { held, files } = await exportPerson(store, idNumber);
      expect(files.map((row) => row.id)).toEqual([id]);
      expect(held.cases.map((one) => one.files.map((row) => row.id))).toEqual([[id], [id]]);
      expect(JSON.stringify(held)).not.toContain('idNumberHash');
    });

    it('loses who uploaded it with the agent of its case', async () => {
      const agent = { ...newPerson(), relation: '子女' };
      const uploadedBy = testKeyring.hash(agent.idNumber);
      const upload = { content: Buffer.from('x'), contentType: 'image/png', uploadedBy, at, quota: roomy };
      const theirs = (await saveFile(store, upload)).id;
      const applicant = { ...newPerson(), idNumber };
      const { acceptanceNumber } = await fileOne(store, {
        ...{ submittedBy: uploadedBy, diseaseCode: 'M00500', materials: [{ kind: 'idCard', fileIds: [theirs] }] },
        personal: { applicant, agent, signature: { name: agent.name, signedAt: at } },
      });
      await store.db.transaction((tx) => takeFiles(tx, [theirs], first, own()));
      await store.db.update(application).set({ closed: true }).where(eq(application.idNumberHash, person));
      await eraseAgent(store, acceptanceNumber, uploadedBy);
      expect((await findFile(store, theirs))?.uploadedBy).toBe('');
      expect((await filesOfCase(store, first)).map((row) => row.id).sort()).toEqual([id, theirs].sort());
    });
  });
});
