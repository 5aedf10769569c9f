import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { isAcceptanceNumber } from '../../domain/acceptance-number.ts';
import type { Http } from '../support/http.ts';
import { type Caller, complaints } from './caller.ts';
import { dayFromNow } from './documents.ts';

const filings = '/v1/applications';

/** Files and filings, up to the acceptance number. */
export function filingSuite(shared: () => Http): void {
  let http: Http;
  let applicant: Caller;
  beforeAll(() => {
    http = shared();
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
      const materials = rest.map((one) => (one.issuedOn ? { ...one, issuedOn: '2026-02-30' } : one));
      const reply = await applicant.post(filings, { ...body, hospital: { ...body.hospital, name: '' }, materials });
      expect(complaints(reply)).toEqual([
        'hospital.name invalid',
        'materials.2.issuedOn invalid',
        'materials.idCard missing',
        'materials.photo missing',
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
      ['a renewal', replaced({ type: 'renewal' }), 'type typeNotOpen'],
      ['an unknown field', replaced({ surprise: 1 }), 'surprise unknownField'],
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
    ])('is refused for %s', async (_, body, complaint) => {
      const reply = await applicant.post(filings, await body());
      expect([reply.status, complaints(reply).join(', ')]).toEqual([422, complaint]);
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
      await expect(clerk.files({ channel: 'window' })).resolves.toMatch(/^510400/);
    });
  });
}
