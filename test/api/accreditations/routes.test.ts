import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Caller } from '../../harness/http/caller.ts';
import { movedAway, tellAsCore } from '../../harness/http/core-events.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow } from '../../harness/http/documents.ts';
import { until } from '../../harness/until.ts';

/** What was granted, and how it is taken back. */
await describeApi('an accreditation', (http) => {
  const own = async (applicant: Caller) =>
    (await applicant.get('/v1/accreditations')).body.items as unknown as Record<string, unknown>[];

  /** An accreditation of a new person's, granted just now. */
  async function granted() {
    const applicant = http.newApplicant();
    const { person } = applicant;
    const number = await http.openCase(applicant, { diseaseCode: 'M00500' });
    await http.as('reviewer').tell(number, 'approve');
    const started = async () => {
      const [first] = await own(applicant);
      if (!first) return false;
      const { body } = await http.as('supervisor').get(`/v1/accreditations/${first.accreditationId}`);
      return body.timeline.length > 0;
    };
    await until('it is granted', started);
    const [listed] = await own(applicant);
    return { applicant, person, number, id: listed?.accreditationId as string, listed };
  }

  it('is shown to the person, with what it pays; not to others', async () => {
    const { applicant, id, listed } = await granted();
    expect(listed).toMatchObject({
      status: 'active',
      statusName: '有效',
      diseaseName: '恶性肿瘤',
      validFrom: dayFromNow(0),
      validUntil: expect.any(String),
      benefit: { deductible: 800, ratio: expect.any(Array) },
    });
    const stranger = http.newApplicant();
    expect(await own(stranger)).toEqual([]);
    expect((await stranger.get(`/v1/accreditations/${id}`)).status).toBe(404);
    const { text, body } = await applicant.get(`/v1/accreditations/${id}`);
    expect(body.timeline.map(({ kind }) => kind)).toEqual(['granted']);
    expect(text).not.toContain('idNumber');
    const phoneFor = async (role: 'clerk' | 'supervisor') =>
      ((await http.as(role).get(`/v1/accreditations/${id}`)).body.applicant as { phone: string }).phone;
    expect([await phoneFor('clerk'), await phoneFor('supervisor')]).toEqual(['13800138001', '138****8001']);
    const everyone = await http.as('reviewer').get('/v1/accreditations?status=active&limit=1');
    expect(everyone.body.items).toHaveLength(1);
    expect(everyone.body.nextCursor).toEqual(expect.any(String));
  });

  it('shows the staff what became of the notifications about it, and nobody else', async () => {
    const { applicant, id } = await granted();
    await http.as('supervisor').post(`/v1/accreditations/${id}/revoke`, { reason: '经复核不符合认定标准' });
    const shown = async () => {
      const { body } = await http.as('clerk').get(`/v1/accreditations/${id}`);
      return body.notifications as { attempts: unknown[] }[];
    };
    await until('the 短信 has left', async () => (await shown()).some(({ attempts }) => attempts.length > 0));
    expect(await shown()).toMatchObject([
      { purpose: 'accreditationRevoked', channel: 'app', state: 'delivered', attempts: [], call: null },
      { purpose: 'accreditationRevoked', channel: 'sms', attempts: [{ provider: 'twilio' }], steps: [], call: null },
    ]);
    expect((await applicant.get(`/v1/accreditations/${id}`)).body).not.toHaveProperty('notifications');
  });

  it('is revoked by a supervisor with a reason, once however often the request comes', async () => {
    const { applicant, id } = await granted();
    const path = `/v1/accreditations/${id}/revoke`;
    const supervisor = http.as('supervisor');
    expect((await supervisor.post(path)).body.errors[0]).toMatchObject({ field: 'reason' });
    const key = randomUUID();
    const replies = await Promise.all([1, 2, 3].map(() => supervisor.post(path, { reason: '材料不实' }, key)));
    expect(replies.map(({ status, body }) => [status, body.status])).toEqual(Array(3).fill([200, 'revoked']));
    const again = await supervisor.post(path, { reason: '再次' }, randomUUID());
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    const { body } = await applicant.get(`/v1/accreditations/${id}`);
    expect(body.timeline.filter(({ kind }) => kind === 'revoked')).toHaveLength(1);
    expect((body.remedies as { way: string }[]).map(({ way }) => way)).toEqual([
      'feedback',
      'hotline',
      'reconsideration',
      'litigation',
    ]);
    expect((await applicant.get('/v1/inbox')).text).toContain('已撤销。原因:材料不实');
  });

  it('has a decision on paper once it is revoked, one however often that is asked for, for those who may see it', async () => {
    const { applicant, person, number, id } = await granted();
    const [supervisor, stranger] = [http.as('supervisor'), http.newApplicant()];
    const path = `/v1/accreditations/${id}/notices`;
    expect((await applicant.get(path)).body.items).toEqual([]);
    const key = randomUUID();
    const reason = '材料不实<script>';
    await Promise.all([1, 2].map(() => supervisor.post(`/v1/accreditations/${id}/revoke`, { reason }, key)));
    const { items } = (await applicant.get(path)).body;
    expect(items).toEqual([
      {
        noticeId: expect.any(String),
        kind: 'revocation',
        title: '门诊特殊疾病撤销认定决定书',
        documentNumber: expect.stringMatching(/^攀医保门特撤〔20\d\d〕[1-9]\d*号$/),
        issuedOn: dayFromNow(0),
      },
    ]);
    const { noticeId, documentNumber } = items[0] as unknown as Record<'noticeId' | 'documentNumber', string>;
    const page = await supervisor.get(`${path}/${noticeId}`);
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    for (const words of [documentNumber, id, '病种:恶性肿瘤', '材料不实&lt;script&gt;', '提起行政诉讼']) {
      expect(page.text).toContain(words);
    }
    expect(page.text).not.toContain(person.idNumber);
    expect((await applicant.get('/v1/inbox')).text).toContain('撤销认定决定书可在');
    for (const [caller, address] of [
      [stranger, path],
      [stranger, `${path}/${noticeId}`],
      [applicant, `${path}/${randomUUID()}`],
      [applicant, `${path}/1`],
      [applicant, `/v1/applications/${number}/notices/${noticeId}`],
    ] as const) {
      expect([address, (await caller.get(address)).status]).toEqual([address, 404]);
    }
  });

  describe("on the insurance core's word", () => {
    it('is revoked, also when the word comes twice', async () => {
      const { applicant, person, id } = await granted();
      const event = movedAway(person.idNumber);
      expect((await tellAsCore(http, event)).status).toBe(204);
      expect((await tellAsCore(http, event)).status).toBe(204);
      expect((await applicant.get(`/v1/accreditations/${id}`)).body.status).toBe('revoked');
    });

    it('is not, without the right signature or the right form', async () => {
      const { applicant, person, id } = await granted();
      const event = movedAway(person.idNumber, { event: 'deceased' });
      expect((await tellAsCore(http, event, { secret: 'another secret' })).status).toBe(401);
      expect((await tellAsCore(http, { ...event, event: 'married' })).status).toBe(422);
      expect((await tellAsCore(http, { ...event, idNumber: '510402198803152122' })).status).toBe(204);
      expect((await applicant.get(`/v1/accreditations/${id}`)).body.status).toBe('active');
    });
  });
});
