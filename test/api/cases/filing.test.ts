import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import { isAcceptanceNumber } from '../../../domain/cases/acceptance-number.ts';
import { shanghaiInstant } from '../../../domain/dates.ts';
import { type Caller, complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow } from '../../harness/http/documents.ts';
import { filedAt } from '../../harness/http/situations.ts';
import { liNa, newIdNumber } from '../../harness/people.ts';

const filings = '/v1/applications';

/** Files and filings, up to the acceptance number. */
await describeApi('filing', (http) => {
  let applicant: Caller;
  beforeEach(() => {
    applicant = http.newApplicant();
  });

  describe('a filing', () => {
    it('that lacks nothing gets an acceptance number and a case of its own', async () => {
      const reply = await applicant.post(filings, await applicant.completeFiling(), randomUUID());
      expect(reply.status).toBe(201);
      const { acceptanceNumber } = reply.body;
      expect(isAcceptanceNumber(acceptanceNumber)).toBe(true);
      expect(reply.headers.get('location')).toBe(`${filings}/${acceptanceNumber}`);
      expect(reply.body).toMatchObject({ type: 'new', round: 1, acceptedOn: dayFromNow(0), diseaseName: '糖尿病' });
      await expect(http.env.client.workflow.getHandle(acceptanceNumber).describe()).resolves.toBeDefined();
    });

    it('is told everything that is wrong or missing at once', async () => {
      const body = await applicant.completeFiling({ diseaseCode: 'M07803', insuredType: 'unknown' });
      const [, form, certificate, record] = body.materials;
      const reply = await applicant.post(filings, {
        ...body,
        applicant: { ...body.applicant, phone: '1380013', idNumber: '510402198803152121' },
        hospital: { ...body.hospital, level: 1 },
        hasElectronicVoucher: false,
        materials: [
          { ...form, fileIds: [] },
          { ...certificate, issuedOn: dayFromNow(2) },
          { ...record, issuedOn: dayFromNow(-400) },
          { kind: 'medicalRecord', fileIds: record?.fileIds },
        ],
      });
      expect(reply.status).toBe(422);
      expect(reply.headers.get('content-type')).toContain('application/problem+json');
      expect(complaints(reply)).toEqual([
        'applicant.idNumber invalid',
        'applicant.phone invalid',
        'insuredType invalid',
        'materials.applicationForm noFile',
        'materials.diagnosisCertificate hospitalLevel',
        'materials.diagnosisCertificate issuedInFuture',
        'materials.idCard missing',
        'materials.medicalRecord issuedOnMissing',
        'materials.medicalRecord tooOld',
        'materials.photo missing',
        'materials.socialSecurityCard missing',
      ]);
      for (const { detail } of reply.body.errors) expect(detail).toMatch(/\p{Script=Han}/u);
    });

    it('is told what is missing also when what is there is malformed', async () => {
      const body = await applicant.completeFiling({ diseaseCode: 'M07803' });
      const [, ...rest] = body.materials;
      const materials = rest.map((material) =>
        material.issuedOn ? { ...material, issuedOn: '2026-02-30' } : material,
      );
      const reply = await applicant.post(filings, { ...body, hospital: { ...body.hospital, name: '' }, materials });
      expect(complaints(reply)).toEqual([
        'hospital.name invalid',
        'materials.2.issuedOn invalid',
        'materials.idCard missing',
        'materials.photo missing',
      ]);
    });

    it('is asked for what is missing, and told of what type it has to be where it is there', async () => {
      const body = await applicant.completeFiling();
      const { applicant: person, hospital, signature } = body;
      const given = {
        applicant: { ...person, idNumber: undefined, phone: 13_800_138_001 },
        hospital: { ...hospital, name: undefined, level: '3' },
        hasElectronicVoucher: 'true',
        signature: { ...signature, signedAt: undefined },
      };
      const { errors } = (await applicant.post(filings, { ...body, ...given })).body;
      expect(errors.map(({ detail }) => detail).sort()).toEqual([
        '医院等级应为数字 1 至 3',
        '手机号应为文本(JSON 字符串)',
        '是否有医保电子凭证应为 true 或 false',
        '请填写医院名称',
        '请填写签名时间',
        '请填写身份证号',
      ]);
    });

    const changed = (part: 'applicant' | 'hospital' | 'signature', change: object) => async () => {
      const body = await applicant.completeFiling();
      return { ...body, [part]: { ...body[part], ...change } };
    };
    const replaced = (change: object) => async () => ({ ...(await applicant.completeFiling()), ...change });
    it.each([
      ['an unknown disease', replaced({ diseaseCode: 'M99999' }), 'diseaseCode unknown'],
      ['a hospital of level 1', changed('hospital', { level: 1 }), 'materials.diagnosisCertificate hospitalLevel'],
      [
        'no 社保卡 without a voucher',
        replaced({ hasElectronicVoucher: false }),
        'materials.socialSecurityCard missing',
      ],
      ['a change to nowhere', replaced({ type: 'changeInstitution' }), 'designatedInstitution missing'],
      ['a student without a guardian', changed('applicant', { student: true }), 'agent guardianMissing'],
      [
        'an agent who is a child',
        replaced({ agent: { ...liNa, idNumber: newIdNumber('2015-06-01'), relation: '女儿' } }),
        'agent.idNumber agentUnderAge',
      ],
      ['an unknown field', replaced({ surprise: 1 }), 'surprise unknownField'],
      ['an unknown field that is a value', replaced({ 13900139009: '张三' }), '(unknown field) unknownField'],
      ['an unknown field further in', changed('applicant', { nick: '娜' }), 'applicant.nick unknownField'],
      [
        'text that no database can keep',
        changed('hospital', { name: '中心\0医院', code: '\ud800' }),
        'hospital.code invalid, hospital.name invalid',
      ],
      ["somebody else's signature", changed('signature', { name: '王强' }), 'signature.name notASigner'],
      [
        'a signature of tomorrow',
        changed('signature', { signedAt: `${dayFromNow(2)}T00:00:00Z` }),
        'signature.signedAt inFuture',
      ],
      [
        'a signature of years ago',
        changed('signature', { signedAt: '2020-01-01T00:00:00Z' }),
        'signature.signedAt tooOld',
      ],
    ])('is refused for %s', async (_, body, complaint) => {
      const reply = await applicant.post(filings, await body());
      expect([reply.status, complaints(reply).join(', ')]).toEqual([422, complaint]);
    });

    it('is refused for a child without a guardian', async () => {
      const child = http.newApplicant({ person: { name: '王小明', idNumber: newIdNumber('2015-06-01') } });
      const reply = await child.post(filings, await child.completeFiling());
      expect([reply.status, complaints(reply).join(', ')]).toEqual([422, 'agent guardianMissing']);
    });

    it.each([
      ['malformed JSON', '{"type": ', 400, 'malformed'],
      ['a body that is too large', `"${'x'.repeat(300_000)}"`, 413, 'body-too-large'],
      ['no object', '[]', 422, 'invalid'],
    ])('is refused for %s', async (_, body, status, code) => {
      const reply = await applicant.post(filings, body);
      expect([reply.status, reply.body.code]).toEqual([status, code]);
    });

    it('comes over the counter from a clerk only, and from an applicant only online', async () => {
      const clerk = http.as('clerk');
      const atCounter = await applicant.completeFiling({ channel: 'window' });
      expect((await applicant.post(filings, atCounter)).body.code).toBe('channel-not-yours');
      expect((await clerk.post(filings, await clerk.completeFiling())).status).toBe(403);
      const api = await http.at(shanghaiInstant('2026-11-23', '10:00'));
      const filed = await api.as('clerk').post(filings, await filedAt(api.as('clerk'), '2026-11-23', '10:00'));
      const { body } = await clerk.progress(filed.body.acceptanceNumber);
      expect((body.materials as { originalSeen: boolean }[]).map(({ originalSeen }) => originalSeen)).toEqual(
        Array(4).fill(true),
      );
      await api.close();
    });

    it.each([
      ['at noon', '2026-11-23', '12:00', 'window-closed'],
      ['in the afternoon', '2026-11-23', '16:59', undefined],
      ['after hours', '2026-11-23', '17:00', 'window-closed'],
      ['on a Saturday', '2026-11-21', '10:00', 'window-closed'],
      ['on a day off', '2026-10-01', '10:00', 'window-closed'],
      ['on a Saturday that is worked', '2026-10-10', '10:00', undefined],
    ])('at the window %s (%s %s): %s', async (_, date, time, code) => {
      const api = await http.at(shanghaiInstant(date, time));
      const clerk = api.as('clerk');
      const reply = await clerk.post(filings, await filedAt(clerk, date, time));
      expect([reply.status, reply.body.code]).toEqual(code ? [409, code] : [201, undefined]);
      await api.close();
    });

    it.each<[string, string, string, number, string | undefined]>([
      ['who took a ticket before it closed', '17:29', '16:59', 201, undefined],
      ['who took one before noon', '12:10', '11:59', 201, undefined],
      ['nobody half an hour later', '17:30', '16:59', 409, 'window-closed'],
      ['nobody who took one after', '17:10', '17:01', 409, 'window-closed'],
    ])('at the window after hours from %s: at %s with a ticket of %s', async (_, time, ticket, status, code) => {
      const api = await http.at(shanghaiInstant('2026-11-23', time));
      const clerk = api.as('clerk');
      const ticketTakenAt = `2026-11-23T${ticket}:00+08:00`;
      const reply = await clerk.post(filings, { ...(await filedAt(clerk, '2026-11-23', time)), ticketTakenAt });
      expect([reply.status, reply.body.code]).toEqual([status, code]);
      if (status === 409)
        expect(reply.body.detail).toContain('下班前已取号的,请填写取号时间(ticketTakenAt),可办理到下班后 30 分钟');
      else {
        const { body } = await clerk.progress(reply.body.acceptanceNumber);
        expect([body.acceptedOn, (body.form as { ticketTakenAt: string }).ticketTakenAt]).toEqual([
          '2026-11-23',
          shanghaiInstant('2026-11-23', ticket),
        ]);
      }
      await api.close();
    });

    it.each([
      ['2026-11-24T16:00:00+08:00', 'ticketTakenAt inFuture'],
      ['2026-11-20T16:00:00+08:00', 'ticketTakenAt notToday'],
      ['four o’clock', 'ticketTakenAt invalid'],
    ])('at the window with no ticket of %s', async (ticketTakenAt, complaint) => {
      const api = await http.at(shanghaiInstant('2026-11-23', '17:10'));
      const clerk = api.as('clerk');
      const reply = await clerk.post(filings, { ...(await filedAt(clerk, '2026-11-23', '17:10')), ticketTakenAt });
      expect(complaints(reply)).toEqual([complaint]);
      await api.close();
    });

    it('online without a ticket', async () => {
      const ticketTakenAt = new Date().toISOString();
      const reply = await applicant.post(filings, { ...(await applicant.completeFiling()), ticketTakenAt });
      expect(complaints(reply)).toEqual(['ticketTakenAt windowOnly']);
    });

    it('online has no originals that somebody could have seen', async () => {
      const body = await applicant.completeFiling();
      const materials = body.materials.map((material) => ({ ...material, originalSeen: material.kind === 'idCard' }));
      expect(complaints(await applicant.post(filings, { ...body, materials }))).toEqual([
        'materials.idCard originalSeenElsewhere',
      ]);
    });

    it('for a child comes from the guardian, whose identity and relation are kept', async () => {
      const agent = { name: '王强', idNumber: newIdNumber('1985-02-03'), phone: '13900139001', relation: '父亲' };
      const child = { name: '王小明', idNumber: newIdNumber('2018-06-01'), phone: '13900139001' };
      const guardian = http.newApplicant({ person: agent });
      const body = await guardian.completeFiling({ applicant: child });
      const reply = await guardian.post(filings, {
        ...body,
        agent,
        signature: { ...body.signature, name: agent.name },
      });
      expect(reply.status).toBe(201);
      expect((await http.as('clerk').progress(reply.body.acceptanceNumber)).body.agent).toEqual(agent);
    });

    it('is one per person, disease and type; the second is told of the first, and another account only that there is one', async () => {
      const { person } = applicant;
      const diseaseCode = 'M01600';
      const first = await applicant.files({ diseaseCode });
      const second = http.newApplicant();
      const agent = { ...second.person, phone: '13900139002', relation: '子女' };
      const asAgent = { applicant: person, agent, diseaseCode };
      const elsewhere = await second.post(filings, await second.completeFiling(asAgent));
      expect([elsewhere.status, elsewhere.body.code]).toEqual([409, 'application-open']);
      expect(elsewhere.text).not.toContain(first);
      const otherApp = http.newApplicant({ person, channel: 'nationalApp' });
      const refused = await otherApp.post(filings, await otherApp.completeFiling({ diseaseCode }));
      expect([refused.status, refused.body.code, refused.body.acceptanceNumber]).toEqual([
        409,
        'application-open',
        first,
      ]);
      expect(refused.body.detail).toContain(first);
      await expect(second.files({ ...asAgent, diseaseCode: 'M03900' })).resolves.toMatch(/^510400/);
      await applicant.tell(first, 'withdraw');
      await expect(second.files(asAgent)).resolves.toMatch(/^510400/);
    });

    it('of which two come at once is still one', async () => {
      const { person } = applicant;
      const callers = Array.from({ length: 4 }, () => http.newApplicant({ person }));
      const bodies = await Promise.all(callers.map((caller) => caller.completeFiling()));
      const replies = await Promise.all(callers.map((caller, index) => caller.post(filings, bodies[index])));
      expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    });

    it('for a change of institution comes once a calendar year, whatever the disease', async () => {
      const changing = http.newApplicant({ person: insuredPeople.accreditationRunning });
      const change = { type: 'changeInstitution', designatedInstitution: '攀枝花市第二人民医院' };
      const first = await http.openCase(changing, { ...change, diseaseCode: 'M00500' });
      const body = await changing.completeFiling({ ...change, diseaseCode: 'M03900' });
      const refused = await changing.post(filings, body);
      expect([refused.status, refused.body.code, refused.body.acceptanceNumber]).toEqual([
        409,
        'changed-this-year',
        first,
      ]);
      await changing.tell(first, 'withdraw');
      expect((await changing.post(filings, body)).status).toBe(201);
    });
  });
});
