import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, shanghaiDate, shanghaiInstant } from '../../../domain/dates.ts';
import type { Policy } from '../../../policy/schema.ts';
import { policiesOf } from '../../../policy/versions.ts';
import { onEachDatabase } from '../../harness/database/each.ts';
import { pdfWith } from '../../harness/files/pdfs.ts';
import type { Applying, Caller, Reply } from '../../harness/http/caller.ts';
import { completeBody, completeMaterials, newScan } from '../../harness/http/documents.ts';
import { type Http, openHttp } from '../../harness/http/open.ts';
import { prompt } from '../../harness/policy.ts';

const uploads = {
  applicant: { daily: { files: 6, megabytes: 11 }, unused: { files: 4, megabytes: 11 } },
  clerk: { daily: { files: 100, megabytes: 100 }, unused: { files: 100, megabytes: 100 } },
  unusedDays: 7,
};
const policy: Policy = { ...prompt, materials: { ...prompt.materials, uploads } };
const ofMegabytes = (count: number) => Buffer.concat([pdfWith(), Buffer.alloc(count * 1024 * 1024, ' ')]);

/** How much an account may upload. */
await onEachDatabase((url) => {
  describe('an account', () => {
    let http: Http;
    beforeAll(async () => {
      http = await openHttp({ databaseUrl: url(), policies: policiesOf([policy]) });
    });
    afterAll(() => http?.close());

    const statuses = (replies: Reply[]) => replies.map(({ status }) => status);
    const uploadEach = async (caller: Caller, count: number) => {
      const replies: Reply[] = [];
      for (let n = 0; n < count; n += 1) replies.push(await caller.upload([newScan()]));
      return replies;
    };
    function isTold(reply: Reply | undefined, word: string): void {
      expect([reply?.status, reply?.body.code]).toEqual([429, 'upload-quota']);
      expect(reply?.body.detail).toContain(word);
      expect(Number(reply?.headers.get('retry-after'))).toBeGreaterThan(0);
    }

    it('has uploaded no more than so many files that it hasn’t handed in, however many come at once', async () => {
      const applicant = http.newApplicant();
      const replies = await Promise.all(Array.from({ length: 8 }, () => applicant.upload([newScan()])));
      expect(statuses(replies).sort()).toEqual([201, 201, 201, 201, 429, 429, 429, 429]);
      isTold(
        replies.find(({ status }) => status === 429),
        '还没有提交的文件已达上限(4 个、共 11 MB)',
      );
      const other = http.newApplicant();
      expect((await other.upload([newScan()])).status).toBe(201);
    });

    it('has room again once they are handed in, up to so many a day, until the next', async () => {
      const applicant = http.newApplicant();
      const first = await uploadEach(applicant, 4);
      const [fileId] = first.map(({ body }) => body.fileId) as [string];
      const materials = completeMaterials(fileId).map((material, index) => ({
        ...material,
        fileIds: [first[index]?.body.fileId as string],
      }));
      const { person } = applicant.applying as Applying;
      const body = { ...completeBody(fileId, person), materials };
      expect((await applicant.post('/v1/applications', body)).status).toBe(201);
      const more = await uploadEach(applicant, 3);
      expect(statuses(more)).toEqual([201, 201, 429]);
      isTold(more[2], '每天 6 个');
      const tomorrow = await http.at(shanghaiInstant(addDays(shanghaiDate(new Date().toISOString()), 1), '00:01'));
      const later = tomorrow.as('applicant', applicant.subject);
      expect(statuses(await uploadEach(later, 3))).toEqual([201, 201, 429]);
      await tomorrow.close();
    });

    it('has uploaded no more than so many bytes, and nothing of the rest is kept', async () => {
      const applicant = http.newApplicant();
      expect((await applicant.upload([ofMegabytes(9)])).status).toBe(201);
      const before = await readdir(http.store.filesDir);
      isTold(await applicant.upload([ofMegabytes(3)]), '11 MB');
      expect(await readdir(http.store.filesDir)).toEqual(before);
      expect((await applicant.upload([newScan()])).status).toBe(201);
    });

    it('at the window has more room', async () => {
      expect(new Set(statuses(await uploadEach(http.as('clerk'), 8)))).toEqual(new Set([201]));
    });
  });
});
