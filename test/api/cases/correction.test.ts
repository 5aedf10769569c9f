import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Caller, complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { atWindowHours } from '../../harness/http/situations.ts';
import { textOf } from '../../harness/http/text-of.ts';
import { signedBy } from '../../harness/http/unique-person.ts';
import { liNa, newIdNumber } from '../../harness/people.ts';
import { until } from '../../harness/until.ts';

/** A resubmission that corrects the form (改表). */
await describeApi('a resubmission', (http) => {
  let applicant: Caller;
  let reviewer: Caller;
  beforeEach(() => {
    applicant = http.newApplicant();
    reviewer = http.as('reviewer');
  });

  const signature = signedBy(liNa);
  const hospital = { code: 'H51040009', name: '攀钢总医院', level: 3 };
  const phone = '13900139009';

  async function rejected(): Promise<string> {
    const number = await http.openCase(applicant);
    await reviewer.tell(number, 'reject', { reason: '医院填写有误' });
    return number;
  }

  describe('a corrected form', () => {
    it('takes the place of the first, which is kept', async () => {
      const number = await rejected();
      const [key, body] = [randomUUID(), { form: { phone: `+86 ${liNa.phone}`, hospital, signature } }];
      const tries = await Promise.all([1, 2].map(() => applicant.tell(number, 'resubmit', body, key)));
      expect(tries.map(({ status }) => status)).toEqual([200, 200]);
      expect(tries[0]?.body).toMatchObject({ status: 'underReview', round: 2 });

      const seen = (await reviewer.progress(number)).body;
      expect(seen).toMatchObject({
        applicant: { name: liNa.name, phone: liNa.phone },
        form: { hospital, insuredType: 'employee' },
      });
      expect(seen.materials).toHaveLength(4);
      const [first, second] = seen.formVersions as Record<string, never>[];
      expect(first).toMatchObject({ sequence: 0, applicant: { phone: liNa.phone }, form: { hospital: { level: 3 } } });
      expect(second).toMatchObject({ sequence: 3, applicant: { phone: liNa.phone }, form: { hospital }, signature });
    });

    it('has another phone online once that is confirmed by a code; until then all else that is wrong is told, too', async () => {
      const number = await rejected();
      const form = { phone, signature: { ...signature, name: '别人' } };
      const refused = await applicant.tell(number, 'resubmit', { form });
      expect(complaints(refused)).toEqual(['form.phone needsCode', 'form.signature.name notASigner']);
      expect(refused.body.errors[0]?.detail).toContain('请先获取验证码');
      expect((await reviewer.progress(number)).body).toMatchObject({ status: 'rejected', formVersions: [] });
    });

    it('has another phone at the window at once: the next 短信 goes to it, and the old one is told', async () => {
      const window = await atWindowHours(http);
      const clerk = window.as('clerk');
      const number = await http.openCase(clerk, { channel: 'window' });
      await reviewer.tell(number, 'reject', { reason: '医院填写有误' });
      const key = randomUUID();
      const tries = await Promise.all(
        [1, 2].map(() => clerk.tell(number, 'resubmit', { form: { phone, signature } }, key)),
      );
      expect(tries.map(({ status }) => status)).toEqual([200, 200]);
      await window.close();

      const textsTo = async (to: string, words: string) =>
        (await http.sent()).filter((sms) => {
          return sms.to === `+86${to}` && sms.body.includes(number.slice(-6)) && sms.body.includes(words);
        });
      await until('the old phone has heard', async () => (await textsTo(liNa.phone, '手机号已更换')).length > 0);
      await reviewer.tell(number, 'reject', { reason: '病情不符' });
      await until('the new phone has heard', async () => (await textsTo(phone, '未通过')).length > 0);
      expect(await textsTo(liNa.phone, '手机号已更换')).toHaveLength(1);
    });

    it('can come with what was asked for, and decides what has to be there', async () => {
      const number = await http.openCase(applicant);
      await reviewer.tell(number, 'request-materials', { items: [{ kind: 'photo', problem: '缺' }] });
      const materials = [{ kind: 'photo', fileIds: [await applicant.uploaded()] }];
      const form = { hasElectronicVoucher: false, signature };
      expect(complaints(await applicant.tell(number, 'resubmit', { materials, form }))).toEqual([
        'materials.socialSecurityCard missing',
      ]);
      const card = { kind: 'socialSecurityCard', fileIds: [await applicant.uploaded()] };
      const done = await applicant.tell(number, 'resubmit', { materials: [...materials, card], form });
      expect(done.body).toMatchObject({ status: 'underReview', round: 1 });
    });

    it('is told everything that is wrong with it at once, and changes nothing then', async () => {
      const number = await rejected();
      const agent = { name: '王强', idNumber: newIdNumber('2015-05-05'), phone, relation: '子女' };
      const wrong = {
        hospital: { ...hospital, level: 1 },
        agent,
        signature: { name: '别人', signedAt: '2099-01-01T00:00:00+08:00' },
      };
      expect(complaints(await applicant.tell(number, 'resubmit', { form: wrong }))).toEqual([
        'form.agent.idNumber agentUnderAge',
        'form.signature.name notASigner',
        'form.signature.signedAt inFuture',
        'materials.diagnosisCertificate hospitalLevel',
      ]);
      const unreadable = { phone: '123', idNumber: liNa.idNumber };
      expect(complaints(await applicant.tell(number, 'resubmit', { form: unreadable }))).toEqual([
        'form.idNumber unknownField',
        'form.phone invalid',
        'form.signature invalid',
      ]);
      expect(complaints(await applicant.tell(number, 'resubmit', {}))).toEqual(['materials invalid']);
      expect((await reviewer.progress(number)).body).toMatchObject({ status: 'rejected', formVersions: [] });
    });

    it('travels as an opaque id: no phone and no hospital reach Temporal', async () => {
      const number = await rejected();
      const agent = { name: '王强', idNumber: newIdNumber('1985-02-03'), phone, relation: '子女' };
      expect((await applicant.tell(number, 'resubmit', { form: { agent, hospital, signature } })).status).toBe(200);
      const history = textOf(await http.env.client.workflow.getHandle(number).fetchHistory());
      for (const secret of [phone, hospital.name, hospital.code]) expect(history).not.toContain(secret);
    });

    it('of another case has no effect', async () => {
      const [resubmitted, other] = [await rejected(), await http.openCase(http.newApplicant())];
      await applicant.tell(resubmitted, 'resubmit', { form: { hospital, signature } });
      const clerk = http.as('clerk');
      const before = (await clerk.progress(other)).body.applicant;
      await reviewer.tell(other, 'reject', { reason: '病情不符' });
      const { rows } = await http.store.db.execute<{ id: string }>(
        `select id from form_version where acceptance_number = '${resubmitted}' and sequence > 0`,
      );
      const signal = { by: 'somebody', materials: [], form: rows[0]?.id };
      await http.env.client.workflow.getHandle(other).signal('resubmit', signal);
      await until('it is reviewed again', async () => (await reviewer.progress(other)).body.round === 2);
      expect((await clerk.progress(other)).body).toMatchObject({ applicant: before, formVersions: [] });
    });
  });
});
