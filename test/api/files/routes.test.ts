import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Caller, complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { completeMaterials, jpeg, pdf, png, webp } from '../../harness/http/documents.ts';
import { newPerson, newPhone } from '../../harness/people.ts';
import { policy } from '../../harness/policy.ts';

const filings = '/v1/applications';

/** Uploaded files: what is taken, who reads them, and how often they can be used. */
await describeApi('files', (http) => {
  let applicant: Caller;
  beforeEach(() => {
    applicant = http.newApplicant();
  });

  describe('an uploaded file', () => {
    it.each([
      ['image/png', png],
      ['image/jpeg', jpeg],
      ['image/webp', webp],
      ['application/pdf', pdf],
    ])('is known for %s by its content, whatever its name says', async (contentType, content) => {
      const kept = await applicant.upload([content], 'notes.txt', 'text/plain');
      const sha256 = createHash('sha256').update(content).digest('hex');
      expect(kept.status).toBe(201);
      expect(kept.body).toEqual({ fileId: expect.any(String), sha256, contentType, size: content.length });
      const { status, headers } = await applicant.get(`/v1/files/${kept.body.fileId}`);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe(contentType);
    });

    it.each([
      [
        'other content in a file called scan.pdf',
        [Buffer.from('<script>alert(1)</script>')],
        415,
        'file-type-unsupported',
      ],
      [
        'a file above the limit',
        [Buffer.alloc(policy.materials.maximumFileMegabytes * 1024 * 1024 + 1)],
        413,
        'file-too-large',
      ],
      ['an empty file', [Buffer.alloc(0)], 422, 'invalid'],
      ['two files', [png, png], 422, 'invalid'],
    ])('is refused: %s', async (_, contents, status, code) => {
      const reply = await applicant.upload(contents);
      expect([reply.status, reply.body.code]).toEqual([status, code]);
    });

    it('is refused in another field, and as no form at all', async () => {
      const replies = [
        await applicant.upload([png], 'a.png', 'image/png', 'other'),
        await applicant.post('/v1/files', {}),
      ];
      for (const reply of replies) {
        expect(reply.status).toBe(422);
        expect(reply.body.errors).toEqual([expect.objectContaining({ field: 'file' })]);
      }
    });

    it('is shown safely: as a download of its own type, with no sniffing, no scripts, no cache', async () => {
      const { headers } = await applicant.get(`/v1/files/${await applicant.uploaded(png)}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toContain('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-disposition')).toMatch(/^(inline|attachment); filename="[\w-]+\.png"$/);
    });

    it("is nobody else's to read until it is handed in, and then only for those who may see the case", async () => {
      const fileId = await applicant.uploaded();
      const [stranger, reviewer] = [http.newApplicant(), http.as('reviewer')];
      const unknown = await stranger.get(`/v1/files/${randomUUID()}`);
      expect(unknown.status).toBe(404);
      expect((await stranger.get(`/v1/files/${fileId}`)).text).toBe(unknown.text);
      expect((await reviewer.get(`/v1/files/${fileId}`)).status).toBe(404);

      await applicant.files({ materials: completeMaterials(fileId) });
      expect((await reviewer.get(`/v1/files/${fileId}`)).status).toBe(200);
      expect((await stranger.get(`/v1/files/${fileId}`)).text).toBe(unknown.text);
      expect((await stranger.get('/v1/files/..%2F..%2Fetc%2Fpasswd')).text).toBe(unknown.text);
    });

    it('handed in for several people at once is one of theirs', async () => {
      const agent = { ...applicant.person, phone: newPhone(), relation: '子女' };
      const body = await applicant.completeFiling({ agent, diseaseCode: 'M01600' });
      const filing = () => applicant.post(filings, { ...body, applicant: newPerson() }, randomUUID());
      const replies = await Promise.all([filing(), filing(), filing(), filing()]);
      expect(replies.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422]);
      for (const reply of replies.filter(({ status }) => status === 422)) {
        expect(complaints(reply)[0]).toMatch(/^materials\.\w+ fileUnusable$/);
      }
    });

    it('handed in with several filings of a person at once is in each of them', async () => {
      const body = await applicant.completeFiling();
      const filing = (diseaseCode: string) => applicant.post(filings, { ...body, diseaseCode }, randomUUID());
      const replies = await Promise.all(['M01600', 'M03900', 'M07800', 'M00500'].map(filing));
      expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    });

    it("can't be handed in by somebody else, nor where nobody knows it", async () => {
      const [foreign, used] = [await http.newApplicant().uploaded(), http.newApplicant()];
      const handedIn = await used.uploaded();
      await used.files({ materials: completeMaterials(handedIn) });
      for (const fileId of [foreign, handedIn, randomUUID()]) {
        const body = await applicant.completeFiling({ materials: completeMaterials(fileId) });
        const reply = await applicant.post(filings, body);
        expect(reply.status).toBe(422);
        expect(new Set(reply.body.errors.map(({ code }) => code))).toEqual(new Set(['fileUnusable']));
        expect(reply.body.errors[0]?.detail).toBe(
          '有效身份证件的文件不能使用:不是由您上传的,或者是为其他参保人提交过的。可再次提交的材料见“我的材料”,其他的请重新上传。',
        );
      }
    });
  });
});
