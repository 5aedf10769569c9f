import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import type { MaterialKind } from '../../../domain/vocabulary.ts';
import { application } from '../../../store/cases/tables.ts';
import { papersOf } from '../../../store/files/papers.ts';
import { saveFile } from '../../../store/files/uploads.ts';
import { migrateAndSeed } from '../../../store/migrate.ts';
import type { Store } from '../../../store/open.ts';
import { takeOutCase } from '../../../store/retention/take-out.ts';
import { onEachDatabase } from '../../harness/database/each.ts';
import { changesOf, fileOne, openTestStore, recordChange, roomy, rules } from '../../harness/database/store.ts';
import { testKeyring } from '../../harness/keyring.ts';
import { newPerson } from '../../harness/people.ts';
import { seed } from '../../harness/policy.ts';

const day = (date: number) => `2026-06-${String(date).padStart(2, '0')}T04:00:00.000Z`;

/** Which papers somebody is shown as theirs to hand in again. */
await onEachDatabase((url) => {
  describe('papers', () => {
    let store: Store;
    beforeAll(async () => {
      await migrateAndSeed(url(), seed);
      store = await openTestStore(url());
    });
    afterAll(() => store?.close());

    const upload = async (uploadedBy: string, at: string) => {
      const content = { content: Buffer.from('x'), contentType: 'image/png' };
      return (await saveFile(store, { ...content, uploadedBy, at, quota: roomy })).id;
    };
    const [applicant, agent] = [newPerson(), { ...newPerson(), relation: '子女' }];
    const [person, agentHash] = [testKeyring.hash(applicant.idNumber), testKeyring.hash(agent.idNumber)];
    const signature = { name: applicant.name, signedAt: day(1) };
    const list = async (whose: string, recordsSince = '2025-12-20', limit = 50) =>
      (await papersOf(store, { person: whose, recordsSince, limit })).map(
        ({ id, kind, issuedOn, acceptanceNumber, handedInAt }) => [id, kind, issuedOn, acceptanceNumber, handedInAt],
      );

    it('are those of their person, and an agent’s own, each as it was handed in last', async () => {
      const [card, record, photo] = [
        await upload(person, day(1)),
        await upload(person, day(2)),
        await upload(agentHash, day(3)),
      ];
      await upload(person, day(4));
      const material = (kind: MaterialKind, fileId: string, issuedOn?: string) => {
        return { kind, fileIds: [fileId], ...(issuedOn ? { issuedOn } : {}) };
      };
      const own = { personal: { applicant, signature }, submittedAt: day(5) };
      const filed = await fileOne(store, {
        ...{ ...own, diseaseCode: 'M01600' },
        materials: [material('idCard', card), material('medicalRecord', record, '2025-12-19')],
      });
      const { acceptanceNumber: first } = filed;
      const { acceptanceNumber: second } = await fileOne(store, {
        ...{ submittedBy: agentHash, submittedAt: day(6), diseaseCode: 'M03900' },
        personal: { applicant, agent, signature },
        materials: [material('photo', photo)],
      });
      expect(await list(person)).toEqual([
        [photo, 'photo', null, second, day(6)],
        [card, 'idCard', null, first, day(5)],
      ]);
      expect(await list(person, '2025-12-19')).toContainEqual([record, 'medicalRecord', '2025-12-19', first, day(5)]);
      expect(await list(agentHash)).toEqual([[photo, 'photo', null, second, day(6)]]);
      expect(await list(testKeyring.hash(newPerson().idNumber))).toEqual([]);

      // With the person's own case: they see which, the agent goes on seeing theirs.
      const { accepted } = changesOf(filed);
      const detail = { materials: [material('medicalRecord', record, '2026-06-01'), material('photo', photo)] };
      const entry = { ...accepted.entry, kind: 'resubmitted' as const, at: day(7), by: person, detail };
      await recordChange(store, first, { ...accepted, entry }, rules);
      expect(await list(person)).toEqual([
        [photo, 'photo', null, first, day(7)],
        [record, 'medicalRecord', '2026-06-01', first, day(7)],
        [card, 'idCard', null, first, day(5)],
      ]);
      expect(await list(agentHash)).toEqual([[photo, 'photo', null, second, day(6)]]);
      const [, last] = await papersOf(store, { person, recordsSince: '2025-12-20', limit: 2 });
      const after = last && { uploadedAt: last.uploadedAt, id: last.id };
      const next = await papersOf(store, { person, recordsSince: '2025-12-20', after, limit: 2 });
      expect(next.map(({ id }) => id)).toEqual([card]);

      await store.db.update(application).set({ closed: true }).where(eq(application.idNumberHash, person));
      await takeOutCase(store, first, day(8));
      expect(await list(person)).toEqual([[photo, 'photo', null, second, day(6)]]);
    });
  });
});
