import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { messages } from '../../../workflows/messages.ts';
import { type Caller, complaints, kindsOf } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow, newScan } from '../../harness/http/documents.ts';
import { atWindowHours } from '../../harness/http/situations.ts';
import { policy } from '../../harness/policy.ts';
import { until } from '../../harness/until.ts';

/** What somebody in the office finds with a case, and can do with it. */
await describeApi('the desk', (http) => {
  let applicant: Caller;
  let reviewer: Caller;
  beforeEach(() => {
    applicant = http.newApplicant();
    reviewer = http.as('reviewer');
  });

  const record = async (content?: Buffer) => {
    return { kind: 'medicalRecord', fileIds: [await applicant.uploaded(content)], issuedOn: dayFromNow(-20) };
  };
  const photo = async () => ({ kind: 'photo', fileIds: [await applicant.uploaded()] });
  const ask = (kind: string, problem: string, more: object = {}) => ({ items: [{ kind, problem }], ...more });
  const inboxOf = async () => (await applicant.get('/v1/inbox')).body.items.map(({ body }) => String(body));

  describe('a request for materials', () => {
    it('is replaced while it is awaited: the window stays, the applicant hears, and reviewers see both', async () => {
      const number = await http.openCase(applicant);
      const asked = await reviewer.tell(number, 'request-materials', ask('photo', '太旧', { note: '尽快' }));
      const replaced = await reviewer.tell(number, 'request-materials', ask('medicalRecord', '看不清'));
      expect(replaced.body).toMatchObject({
        status: 'awaitingMaterials',
        workingDaysLeft: asked.body.workingDaysLeft,
        awaiting: { ...(asked.body.awaiting as object), kinds: ['medicalRecord'] },
      });
      expect(kindsOf(replaced).slice(-2)).toEqual(['materialsRequested', 'requestReplaced']);
      const { body } = await applicant.progress(number);
      expect(body.timeline.at(-1)).toMatchObject({
        kindName: '更改要补充的材料',
        detail: ask('medicalRecord', '看不清'),
      });
      expect((await inboxOf())[0]).toMatch(/要补充的材料有变更,现为:检查报告或病历,具体要求/);
      const notices = (await applicant.get(`/v1/applications/${number}/notices`)).body.items;
      expect(notices.filter(({ kind }) => kind === 'supplement')).toHaveLength(2);

      const missing = await applicant.tell(number, 'resubmit', { materials: [await photo()] });
      expect(complaints(missing)).toEqual(['materials.medicalRecord requested']);
      expect((await applicant.tell(number, 'resubmit', { materials: [await record()] })).status).toBe(200);
      expect((await reviewer.progress(number)).body.requests).toEqual([
        expect.objectContaining({
          number: 1,
          items: [{ kind: 'photo', kindName: '近期免冠照片', problem: '太旧' }],
          note: '尽快',
          by: 'reviewer-1',
          ended: expect.objectContaining({ kind: 'requestReplaced' }),
        }),
        expect.objectContaining({
          number: 2,
          kindName: '更改要补充的材料',
          items: [{ kind: 'medicalRecord', kindName: '检查报告或病历', problem: '看不清' }],
          ended: expect.objectContaining({ kind: 'resubmitted', kindName: '收到材料' }),
        }),
      ]);
    });

    it('is replaced by a signal, too', async () => {
      const number = await http.openCase(applicant);
      await reviewer.tell(number, 'request-materials', ask('photo', '太旧'));
      const handle = http.env.client.workflow.getHandle(number);
      await handle.signal(messages.requestMaterials.signal, {
        by: 'reviewer-1',
        items: [{ kind: 'medicalRecord', problem: '看不清' }],
      });
      const kinds = async () => ((await applicant.progress(number)).body.awaiting as { kinds: string[] }).kinds;
      await until('it is replaced', async () => (await kinds()).includes('medicalRecord'));
      expect(await kinds()).toEqual(['medicalRecord']);
    });

    it('is not replaced where the applicant has handed in meanwhile, nor by a second one at the same time', async () => {
      const number = await http.openCase(applicant);
      const twice = await Promise.all(
        [1, 2].map(() => reviewer.tell(number, 'request-materials', ask('photo', '太旧', { replaces: 0 }))),
      );
      expect(twice.map(({ status }) => status).sort()).toEqual([200, 409]);
      const crossing = await Promise.all([
        reviewer.tell(number, 'request-materials', ask('medicalRecord', '看不清', { replaces: 1 })),
        applicant.tell(number, 'resubmit', { materials: [await photo()] }),
      ]);
      const [request, resubmission] = crossing.map(({ status, body }) => `${status} ${body.code ?? body.status}`);
      // Whoever comes first: the other one is told, and nothing is asked for that was handed in just now.
      expect([
        ['200 awaitingMaterials', '409 request-replaced'],
        ['200 awaitingMaterials', '422 invalid'],
        ['409 conflict', '200 underReview'],
      ]).toContainEqual([request, resubmission]);
    });

    it('names all that is missing as the rules see it, also where it replaces another', async () => {
      const number = await http.openCase(applicant);
      await reviewer.tell(number, 'reject', { reason: '材料不全' });
      const handle = http.env.client.workflow.getHandle(number);
      const materials = [{ kind: 'medicalRecord' as const, fileIds: ['of nobody'] }];
      await handle.signal(messages.resubmit.signal, { by: applicant.id, materials });
      await until('it is reviewed again', async () => (await reviewer.progress(number)).body.round === 2);
      expect((await reviewer.tell(number, 'request-materials', ask('medicalRecord', '缺'))).status).toBe(200);
      const partial = await reviewer.tell(number, 'request-materials', ask('photo', '太旧'));
      expect(new Set(complaints(partial))).toEqual(new Set(['items notNamed']));
    });
  });

  describe('a rejection', () => {
    const { criteriaNotMet, other } = policy.rejectionGrounds as { criteriaNotMet: string; other: string };

    it('by grounds alone tells the applicant their texts, with names beside the codes', async () => {
      const number = await http.openCase(applicant);
      expect(complaints(await reviewer.tell(number, 'reject', {}))).toEqual(['reason invalid']);
      const unknown = await reviewer.tell(number, 'reject', { grounds: ['nothing', 'toString'] });
      expect(complaints(unknown)).toEqual(['grounds unknown']);
      expect(unknown.body.errors[0]?.detail).toContain(`criteriaNotMet(${criteriaNotMet})`);
      const grounds = ['criteriaNotMet', 'other'];
      const rejected = await reviewer.tell(number, 'reject', { grounds });
      const detail = { grounds, groundNames: [criteriaNotMet, other], reason: `${criteriaNotMet};${other}` };
      expect([rejected.status, rejected.body.timeline.at(-1)?.detail]).toEqual([200, detail]);
      expect((await applicant.progress(number)).body.timeline.at(-1)?.detail).toEqual(detail);
      expect((await inboxOf())[0]).toContain(`原因:${criteriaNotMet};${other}。`);
      const [notice] = (await applicant.get(`/v1/applications/${number}/notices`)).body.items.filter(
        ({ kind }) => kind === 'rejection',
      );
      const { text } = await applicant.get(`/v1/applications/${number}/notices/${notice?.noticeId}`);
      expect(text).toContain(`原因:${criteriaNotMet};${other}`);
    });

    it('begins with the policy’s words, for staff to choose from and to edit', async () => {
      const { body } = await reviewer.get('/v1/templates');
      expect(body.reasons).toContainEqual({
        code: 'criteriaNotMet',
        name: criteriaNotMet,
        texts: policy.templates.reasons.criteriaNotMet,
      });
      expect(body.reasons).toContainEqual({ code: 'other', name: other, texts: [] });
      expect(body.problems).toContainEqual({
        kind: 'medicalRecord',
        name: '检查报告或病历',
        texts: policy.templates.problems.medicalRecord,
      });
      expect((await applicant.get('/v1/templates')).status).toBe(403);
      const [problem] = policy.templates.problems.medicalRecord as [string];
      const number = await http.openCase(applicant);
      const edited = await reviewer.tell(number, 'request-materials', ask('medicalRecord', `${problem}(第 2 页)`));
      expect(edited.body.timeline.at(-1)?.detail).toEqual(ask('medicalRecord', `${problem}(第 2 页)`));
    });
  });

  describe('an internal note', () => {
    const write = (who: Caller, number: string, text: unknown, key?: string) => {
      return who.post(`/v1/applications/${number}/notes`, { text }, key);
    };
    const text = '来电称周五前补齐';

    it('is kept once, shown to the staff, and recorded; also on a case that has ended', async () => {
      const number = await http.openCase(applicant);
      const key = randomUUID();
      const first = await write(reviewer, number, ` ${text} `, key);
      expect([first.status, first.body]).toEqual([201, expect.objectContaining({ text, by: 'reviewer-1' })]);
      const again = await write(reviewer, number, ` ${text} `, key);
      expect([again.status, again.body]).toEqual([201, first.body]);
      expect((await write(reviewer, number, '另一条', key)).body.code).toBe('idempotency-key-reused');
      await applicant.tell(number, 'withdraw');
      await write(http.as('clerk'), number, '已退还原件');
      expect((await http.as('director').progress(number)).body.notes).toEqual([
        first.body,
        expect.objectContaining({ text: '已退还原件', by: 'clerk-1' }),
      ]);
      const { body } = await http.as('supervisor').get(`/v1/audit?case=${number}`);
      const written = body.items.filter(({ part }) => part === 'note').map(({ by }) => by);
      expect(written).toEqual(['clerk-1', 'reviewer-1', 'reviewer-1', 'reviewer-1']);
    });

    it.each([
      ['nothing', ''],
      ['a space', ' '],
      ['too much', '长'.repeat(1001)],
      ['a number', 7],
    ])('%s is none', async (_, wrong) => {
      const number = await http.openCase(applicant);
      expect(complaints(await write(reviewer, number, wrong))).toEqual(['text invalid']);
    });

    it('is never shown to the applicant or the agent, nor to one of the staff who is either', async () => {
      const agent = http.newApplicant();
      const number = await http.openCase(agent, {
        applicant: applicant.person,
        agent: { ...agent.person, relation: '子女' },
      });
      await write(reviewer, number, text);
      await reviewer.tell(number, 'request-materials', ask('medicalRecord', '看不清'));
      for (const party of [applicant, agent]) {
        const seen = [await party.progress(number), await party.get('/v1/inbox'), await party.get('/v1/applications')];
        expect(seen.map((reply) => reply.status)).toEqual([200, 200, 200]);
        expect(seen.map((reply) => reply.text).join()).not.toContain(text);
        expect((await write(party, number, text)).status).toBe(403);
        const colleague = http.as('supervisor', `colleague-${randomUUID()}`, { person: party.person });
        const own = await colleague.progress(number);
        expect([own.status, own.body.notes]).toEqual([200, []]);
        expect((await write(colleague, number, text)).body.code).toBe('own-case');
      }
      expect((await http.sent()).map(({ body }) => body).join()).not.toContain(text);
    });
  });

  it('shows the other cases and accreditations of the person, and records that they were read', async () => {
    const first = await http.openCase(applicant, { diseaseCode: 'M01600' });
    const second = await http.openCase(applicant, { diseaseCode: 'M03900' });
    await reviewer.tell(first, 'approve');
    const granted = async () => (await applicant.get('/v1/accreditations')).body.items[0];
    await until('it is granted', async () => (await granted()) !== undefined);
    const accreditationId = (await granted())?.accreditationId;
    const { body } = await reviewer.progress(second);
    expect(body.otherCases).toEqual([
      expect.objectContaining({
        acceptanceNumber: first,
        diseaseName: '糖尿病',
        status: 'approved',
        statusName: '已通过',
        closed: true,
      }),
    ]);
    expect(body.accreditations).toEqual([
      // As the list of accreditations shows it.
      (await applicant.get('/v1/accreditations')).body.items[0],
    ]);
    expect((await http.as('clerk').progress(await http.openCase(http.newApplicant()))).body.otherCases).toEqual([]);
    expect(Object.keys((await applicant.progress(second)).body)).not.toEqual(
      expect.arrayContaining(['otherCases', 'accreditations', 'notes', 'requests']),
    );
    const audit = await http.as('supervisor').get(`/v1/audit?case=${first}`);
    expect(audit.body.items).toContainEqual(
      expect.objectContaining({ part: 'details', by: 'reviewer-1', objects: [second, first, accreditationId] }),
    );
  });

  describe('an appeal', () => {
    const rejected = async () => {
      const number = await http.openCase(applicant);
      await reviewer.tell(number, 'reject', { grounds: ['criteriaNotMet'] });
      return number;
    };
    const reason = '已补做检查';

    it('carries papers, which the second reviewer reads beside those that they replace', async () => {
      const number = await rejected();
      const paper = await record(newScan());
      const appealed = await applicant.tell(number, 'appeal', { reason, materials: [paper] });
      expect([appealed.status, appealed.body.status]).toEqual([200, 'underReview']);
      const second = http.as('reviewer', 'reviewer-2');
      const { body } = await second.progress(number);
      const versions = body.materialVersions as {
        kind: string;
        replacedAt: string | null;
        files: { fileId: string }[];
      }[];
      const ofRecord = versions.filter(({ kind }) => kind === 'medicalRecord');
      const { at } = body.timeline.at(-1) as unknown as { at: string };
      expect(ofRecord.map(({ replacedAt }) => replacedAt)).toEqual([at, null]);
      expect(ofRecord[1]?.files.map(({ fileId }) => fileId)).toEqual(paper.fileIds);
      expect((await second.get(`/v1/files/${paper.fileIds[0]}`)).status).toBe(200);
      expect(body.findings).toEqual([]);
    });

    it('says what is wrong with them, and goes without', async () => {
      const number = await rejected();
      const ofOthers = { ...(await record()), fileIds: [await http.newApplicant().uploaded()] };
      const wrong = [
        { ...ofOthers, issuedOn: dayFromNow(-400) },
        { kind: 'photo', fileIds: [] },
      ];
      const refused = await applicant.tell(number, 'appeal', { reason, materials: wrong });
      expect(complaints(refused)).toEqual([
        'materials.medicalRecord fileUnusable',
        'materials.medicalRecord tooOld',
        'materials.photo noFile',
      ]);
      expect(complaints(await applicant.tell(number, 'appeal', { reason, materials: [] }))).toEqual([
        'materials invalid',
      ]);
      expect((await applicant.tell(number, 'appeal', { reason })).status).toBe(200);
      const crossed = await applicant.tell(number, 'appeal', { reason, materials: [await photo()] });
      expect([crossed.status, crossed.body.code]).toEqual([409, 'conflict']);
    });

    it('may come from the clerk who has the originals before them', async () => {
      const window = await atWindowHours(http);
      try {
        const clerk = window.as('clerk');
        const number = await http.openCase(clerk, { channel: 'window' });
        await reviewer.tell(number, 'reject', { grounds: ['notProven'] });
        const paper = { kind: 'photo', fileIds: [await clerk.uploaded()] };
        await clerk.tell(number, 'appeal', { reason, materials: [paper] });
        const { body } = await reviewer.progress(number);
        expect(body.materials).toContainEqual(expect.objectContaining({ kind: 'photo', originalSeen: true }));
      } finally {
        await window.close();
      }
    });
  });
});
