import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Caller, complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { until } from '../../harness/until.ts';

/** 一次性告知, as reviewers and supervisors meet it. */
await describeApi('what is missing', (http) => {
  let applicant: Caller;
  let reviewer: Caller;
  beforeEach(() => {
    applicant = http.newApplicant();
    reviewer = http.as('reviewer');
  });

  const ask = (kind: string, more: object = {}) => ({ items: [{ kind, problem: '看不清' }], ...more });
  const belatedReason = '首次审核时没有发现';

  /** A case whose applicant was asked for a photo and has handed it in. */
  async function askedOnce(): Promise<string> {
    const number = await http.openCase(applicant);
    await reviewer.tell(number, 'request-materials', ask('photo'));
    const materials = [{ kind: 'photo', fileIds: [await applicant.uploaded()] }];
    expect((await applicant.tell(number, 'resubmit', { materials })).status).toBe(200);
    return number;
  }

  describe('一次性告知', () => {
    it('lets nobody but a supervisor ask for what was there to see at first, and shows the reason to the office only', async () => {
      const number = await askedOnce();
      const belated = ask('diagnosisCertificate');
      for (const body of [belated, { ...belated, belatedReason }]) {
        const refused = await reviewer.tell(number, 'request-materials', body);
        expect([refused.status, refused.body.code]).toEqual([409, 'belated-request']);
        expect(complaints(refused)).toEqual(['items belated']);
        expect(refused.body.errors[0]?.detail).toContain('疾病诊断证明书');
      }
      const supervisor = http.as('supervisor');
      expect(complaints(await supervisor.tell(number, 'request-materials', belated))).toEqual([
        'belatedReason missing',
      ]);
      const reply = await supervisor.tell(number, 'request-materials', { ...belated, belatedReason });
      expect(reply.body).toMatchObject({ status: 'awaitingMaterials', assignee: 'reviewer-1' });
      expect(reply.body.timeline.at(-1)?.detail).toMatchObject({ belatedReason });
      expect((await applicant.progress(number)).text).not.toContain(belatedReason);
    });

    it('lets the reviewer ask again for what was asked for, without a reason', async () => {
      const number = await askedOnce();
      const reasoned = await reviewer.tell(number, 'request-materials', ask('photo', { belatedReason }));
      expect(complaints(reasoned)).toEqual(['belatedReason notBelated']);
      expect((await reviewer.tell(number, 'request-materials', ask('photo'))).status).toBe(200);
    });

    it('wants the first request to name all that is missing as the rules see it', async () => {
      const number = await http.openCase(applicant);
      await reviewer.tell(number, 'reject', { reason: '材料不全' });
      // The api would have refused such a resubmission; a signal gets in unread.
      const handle = http.env.client.workflow.getHandle(number);
      const materials = [{ kind: 'medicalRecord', fileIds: ['of nobody'] }];
      await handle.signal('resubmit', { by: applicant.id, materials });
      await until('it is reviewed again', async () => (await reviewer.progress(number)).body.round === 2);
      const partial = await reviewer.tell(number, 'request-materials', ask('photo'));
      expect(partial.status).toBe(422);
      expect(new Set(complaints(partial))).toEqual(new Set(['items notNamed']));
      expect(partial.body.errors[0]?.detail).toContain('检查报告或病历');
      expect((await reviewer.tell(number, 'request-materials', ask('medicalRecord'))).status).toBe(200);
    });
  });

  it('a rejection names reasons of the list, which the catalogue tells', async () => {
    const { rejectionGrounds } = (await applicant.get('/v1/catalogue')).body as never as {
      rejectionGrounds: Record<string, string>;
    };
    const [code, text] = Object.entries(rejectionGrounds)[0] as [string, string];
    const number = await http.openCase(applicant);
    const unknown = await reviewer.tell(number, 'reject', { grounds: [code, 'toString'], reason: '见病历' });
    expect(complaints(unknown)).toEqual(['grounds unknown']);
    const rejected = await reviewer.tell(number, 'reject', { grounds: [code], reason: '见病历' });
    expect(rejected.body.timeline.at(-1)?.detail).toEqual({
      grounds: [code],
      groundNames: [text],
      reason: '见病历',
    });
    expect((await applicant.get('/v1/inbox')).body.items[0]?.body).toContain(`${text};见病历`);
  });
});
