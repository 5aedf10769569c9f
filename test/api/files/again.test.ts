import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { validUntil } from '../../../domain/files/papers.ts';
import { type Caller, complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { completeMaterials, dayFromNow, type MaterialBody } from '../../harness/http/documents.ts';
import { atWindowHours } from '../../harness/http/situations.ts';
import { newPerson, newPhone } from '../../harness/people.ts';
import { policy } from '../../harness/policy.ts';

/** Papers are a person's: what was handed in for them can be handed in again, with another case of theirs. */
await describeApi('papers', (http) => {
  let applicant: Caller;
  let fileId: string;
  let materials: MaterialBody[];
  beforeEach(async () => {
    applicant = http.newApplicant();
    fileId = await applicant.uploaded();
    materials = completeMaterials(fileId);
  });

  const agentOf = ({ person }: Caller) => ({ ...person, phone: newPhone(), relation: '子女' });
  const numbers = ({ body }: Awaited<ReturnType<Caller['get']>>) => body.items.map((item) => item.acceptanceNumber);
  /** Filed, or what is complained of. */
  async function filed(caller: Caller, changes: Parameters<Caller['files']>[0]): Promise<number | string[]> {
    const reply = await caller.post('/v1/applications', await caller.completeFiling(changes), randomUUID());
    return reply.status === 201
      ? 201
      : [...new Set(complaints(reply).map((complaint) => complaint.split(' ')[1] ?? ''))];
  }

  describe('handed in again', () => {
    it('are taken with another disease, and when the case was withdrawn', async () => {
      const first = await http.openCase(applicant, { diseaseCode: 'M01600', materials });
      expect(await filed(applicant, { diseaseCode: 'M03900', materials })).toBe(201);
      expect((await applicant.tell(first, 'withdraw')).body.status).toBe('withdrawn');
      expect(await filed(applicant, { diseaseCode: 'M01600', materials })).toBe(201);
      expect((await applicant.get('/v1/files')).body.items).toHaveLength(1);
    });

    it('are taken with a resubmission, and stay with both cases', async () => {
      const first = await http.openCase(applicant, { diseaseCode: 'M01600', materials });
      const second = await http.openCase(applicant, { diseaseCode: 'M03900' });
      const reviewer = http.as('reviewer');
      await reviewer.tell(second, 'request-materials', { items: [{ kind: 'medicalRecord', problem: '看不清' }] });
      const [record] = materials.filter(({ kind }) => kind === 'medicalRecord');
      expect((await applicant.tell(second, 'resubmit', { materials: [record] })).body.status).toBe('underReview');
      for (const number of [first, second]) {
        const { body } = await reviewer.progress(number);
        const shown = body.materials as { kind: string; files: { fileId: string }[] }[];
        const files = shown.filter(({ kind }) => kind === 'medicalRecord').flatMap((material) => material.files);
        expect(files.map((file) => file.fileId)).toEqual([fileId]);
      }
      expect((await reviewer.get(`/v1/files/${fileId}`)).status).toBe(200);
      const { body } = await http.as('supervisor').get(`/v1/audit?personOf=${first}`);
      expect(body.items[0]).toMatchObject({ kind: 'file', part: 'content', objects: [fileId, first, second] });
    });

    it("are the person's, and of an agent only what they uploaded for that person", async () => {
      const [agent, other] = [http.newApplicant(), http.newApplicant()];
      const { person } = applicant;
      const asAgent = (caller: Caller, diseaseCode: string, paper: string, whom = person) =>
        filed(caller, { applicant: whom, agent: agentOf(caller), diseaseCode, materials: completeMaterials(paper) });
      const theirs = await agent.uploaded();
      const number = await http.openCase(agent, {
        ...{ applicant: person, agent: agentOf(agent), diseaseCode: 'M01600' },
        materials: completeMaterials(theirs),
      });
      expect(await filed(applicant, { diseaseCode: 'M03900', materials: completeMaterials(theirs) })).toBe(201);
      expect(await asAgent(agent, 'M07800', theirs)).toBe(201);
      expect(await asAgent(agent, 'M07800', theirs, newPerson())).toEqual(['fileUnusable']);
      expect(await asAgent(other, 'M00500', theirs)).toEqual(['fileUnusable']);
      expect(await filed(applicant, { diseaseCode: 'M00500', materials })).toBe(201);
      expect(await asAgent(agent, 'M00500', fileId)).toEqual(['fileUnusable']);
      expect(await filed(agent, { diseaseCode: 'M01600', materials: completeMaterials(theirs) })).toEqual([
        'fileUnusable',
      ]);

      expect((await applicant.get('/v1/files')).body.items.map((item) => item.fileId)).toEqual([theirs, fileId]);
      const listed = await agent.get('/v1/files');
      expect(listed.body.items.map((item) => item.fileId)).toEqual([theirs]);
      expect((await agent.progress(numbers(listed)[0] as string)).status).toBe(200);
      expect((await other.get('/v1/files')).body.items).toEqual([]);
      expect((await other.get(`/v1/files/${theirs}`)).status).toBe(404);
      expect((await agent.get(`/v1/files/${fileId}`)).status).toBe(404);
      expect((await agent.progress(number)).status).toBe(200);
    });

    it('are taken from whoever comes to the window with them', async () => {
      await applicant.files({ diseaseCode: 'M01600', materials });
      const window = await atWindowHours(http);
      try {
        const clerk = window.as('clerk');
        const atWindow = { channel: 'window', diseaseCode: 'M03900', materials };
        expect(await filed(clerk, { ...atWindow, applicant: applicant.person })).toBe(201);
        expect(await filed(clerk, { ...atWindow, applicant: newPerson() })).toEqual(['fileUnusable']);
      } finally {
        await window.close();
      }
    });

    it('are complained of only for what is wrong with them where it can’t be read whose they are', async () => {
      await applicant.files({ diseaseCode: 'M01600', materials });
      const unreadable = { ...applicant.person, idNumber: '123' };
      expect(await filed(applicant, { diseaseCode: 'M03900', materials, applicant: unreadable })).toEqual(['invalid']);
    });
  });

  describe('that can be handed in again', () => {
    it('are listed with their case, and until when they count', async () => {
      expect((await applicant.get('/v1/files')).body).toEqual({ items: [], nextCursor: null });
      await applicant.uploaded();
      const number = await applicant.files({ materials });
      const card = await applicant.uploaded();
      const issuedOn = dayFromNow(-20);
      const record: MaterialBody = { kind: 'medicalRecord', fileIds: [fileId], issuedOn };
      const others = materials.slice(1, 3);
      const later = await applicant.files({ materials: [{ kind: 'idCard', fileIds: [card] }, ...others, record] });
      const { body } = await applicant.get('/v1/files');
      const paper = { contentType: 'image/png', size: expect.any(Number), handedInAt: expect.any(String) };
      const { recordMonths } = policy.materials;
      expect(body.items).toEqual([
        {
          ...paper,
          ...{ fileId: card, kind: 'idCard', kindName: '有效身份证件', issuedOn: null },
          acceptanceNumber: later,
          validUntil: null,
        },
        {
          ...{ ...paper, fileId, kind: 'medicalRecord', kindName: '检查报告或病历', issuedOn },
          ...{ acceptanceNumber: later, validUntil: validUntil('medicalRecord', issuedOn, recordMonths) },
        },
      ]);
      expect(later).not.toBe(number);
      const first = await applicant.get('/v1/files?limit=1');
      const second = await applicant.get(`/v1/files?limit=1&cursor=${first.body.nextCursor}`);
      expect([first, second].flatMap((page) => page.body.items)).toEqual(body.items);
    });
  });

  it('that were replaced stay visible to the office, each with when it came and when another did', async () => {
    const number = await http.openCase(applicant, { diseaseCode: 'M01600', materials });
    const reviewer = http.as('reviewer');
    await reviewer.tell(number, 'request-materials', { items: [{ kind: 'medicalRecord', problem: '看不清' }] });
    const better = { kind: 'medicalRecord', fileIds: [await applicant.uploaded()], issuedOn: dayFromNow(-3) };
    const { body: resubmitted } = await applicant.tell(number, 'resubmit', { materials: [better] });
    expect(resubmitted.status).toBe('underReview');
    const { body } = await reviewer.progress(number);
    const versions = body.materialVersions as {
      kind: string;
      issuedOn: string | null;
      files: { fileId: string }[];
      handedInAt: string;
      replacedAt: string | null;
    }[];
    const at = (kind: string) => (body.timeline.find((entry) => entry.kind === kind) as unknown as { at: string }).at;
    const [submitted, replaced] = [at('submitted'), at('resubmitted')];
    expect(
      versions.map(({ kind, issuedOn, files, handedInAt, replacedAt }) => {
        return [kind, issuedOn, files.map((file) => file.fileId), handedInAt, replacedAt];
      }),
    ).toEqual([
      ['idCard', null, [fileId], submitted, null],
      ['applicationForm', null, [fileId], submitted, null],
      ['diagnosisCertificate', null, [fileId], submitted, null],
      ['medicalRecord', dayFromNow(-10), [fileId], submitted, replaced],
      ['medicalRecord', dayFromNow(-3), better.fileIds, replaced, null],
    ]);
    expect((await reviewer.get(`/v1/files/${fileId}`)).status).toBe(200);
    expect((await applicant.progress(number)).body.materialVersions).toBeUndefined();
  });
});
