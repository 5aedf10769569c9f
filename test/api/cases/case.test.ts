import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import { acceptanceNumber } from '../../../domain/cases/acceptance-number.ts';
import { openPersonal, sealPersonal } from '../../../store/cases/personal.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import { type ApplicationRow, application } from '../../../store/cases/tables.ts';
import { type Caller, complaints, kindsOf, type Reply } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow, type MaterialBody } from '../../harness/http/documents.ts';
import { textOf } from '../../harness/http/text-of.ts';
import { dumpOf } from '../../harness/http/unique-person.ts';
import { liNa, newIdNumber, newPerson } from '../../harness/people.ts';
import { until } from '../../harness/until.ts';

/** A case after its filing: notifications, decisions, what is shown of it and what must not be. */
await describeApi('a case', (http) => {
  let applicant: Caller;
  let reviewer: Caller;
  beforeEach(() => {
    applicant = http.newApplicant();
    reviewer = http.as('reviewer');
  });
  const open = () => http.openCase(applicant);

  const materialsRequest = { items: [{ kind: 'photo', problem: '看不清' }], note: '只给同事看' };
  const photo = async (): Promise<MaterialBody> => ({ kind: 'photo', fileIds: [await applicant.uploaded()] });

  describe('as it is shown', () => {
    it('tells its applicant the progress, without the names and notes of the office', async () => {
      const number = await open();
      await reviewer.tell(number, 'assign', { to: 'reviewer-1' });
      await reviewer.tell(number, 'request-materials', materialsRequest);
      const { status, text, body } = await applicant.progress(number);
      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'awaitingMaterials', acceptedOn: dayFromNow(0), dueOn: null, round: 1 });
      expect(body.awaiting).toMatchObject({ what: 'materials', kinds: ['photo'], until: expect.any(String) });
      expect(body.timeline.map(({ kind }) => kind)).toEqual(['submitted', 'accepted', 'materialsRequested']);
      expect(text).toContain('看不清');
      for (const hidden of ['reviewer-', '只给同事看', 'escalationLevel', 'findings'])
        expect(text).not.toContain(hidden);
    });

    it('gives its reviewer form, files, findings, notifications, and who did what', async () => {
      const number = await open();
      await reviewer.tell(number, 'assign', { to: 'reviewer-2' });
      const { body } = await reviewer.progress(number);
      expect(body).toMatchObject({
        applicant: { name: liNa.name, phone: '138****8001' },
        form: { insuredType: 'employee' },
        findings: [],
        assignee: 'reviewer-2',
      });
      expect(body.materials).toHaveLength(4);
      expect(body.materials).toContainEqual({
        kind: 'medicalRecord',
        issuedOn: dayFromNow(-10),
        originalSeen: false,
        files: [expect.objectContaining({ contentType: 'image/png' })],
      });
      expect(body.notifications).toContainEqual(expect.objectContaining({ purpose: 'accepted', channel: 'sms' }));
      expect(body.timeline.at(-1)).toMatchObject({
        kind: 'assigned',
        by: 'reviewer-1',
        via: 'api',
        detail: { to: 'reviewer-2' },
      });
    });

    it('gives phone numbers in full to those who call, the clerks and the assignee, and masked to all others', async () => {
      const number = await open();
      const assignee = http.as('reviewer', 'reviewer-2');
      await assignee.tell(number, 'reject', { reason: '病历不完整' });
      const agent = { name: '王强', idNumber: newIdNumber('1985-02-03'), phone: '13900139002', relation: '子女' };
      const signature = { name: agent.name, signedAt: new Date().toISOString() };
      const form = { agent, signature };
      expect((await applicant.tell(number, 'resubmit', { form })).status).toBe(200);
      const numbers = [liNa.phone, agent.phone];
      for (const caller of [http.as('clerk'), assignee]) {
        const { text } = await caller.progress(number);
        expect(numbers.filter((phone) => !text.includes(phone))).toEqual([]);
        expect(text).not.toContain('****');
      }
      for (const caller of [reviewer, http.as('supervisor'), http.as('director')]) {
        const { text } = await caller.progress(number);
        expect(numbers.filter((phone) => text.includes(phone))).toEqual([]);
        for (const masked of ['138****8001', '139****9002']) expect(text).toContain(masked);
      }
    });

    it('of somebody else answers byte for byte like an unknown one', async () => {
      const number = await open();
      const stranger = http.newApplicant();
      const unknown = acceptanceNumber('510400', 2026, randomBytes(8));
      const visible = ({ status, text, headers }: Reply) => [
        status,
        text,
        headers.get('content-type'),
        headers.get('location'),
      ];
      expect(visible(await stranger.progress(number))).toEqual(visible(await stranger.progress(unknown)));
      for (const [message, body] of [
        ['resubmit', { materials: [await photo()] }],
        ['withdraw', {}],
        ['withdraw', { reason: 1 }],
      ] as const) {
        const key = randomUUID();
        const replies = [
          await stranger.tell(number, message, body, key),
          await stranger.tell(unknown, message, body, key),
        ];
        expect(visible(replies[0] as Reply)).toEqual(visible(replies[1] as Reply));
      }
      expect((await stranger.progress(number)).status).toBe(404);
      // A clerk sees every case, but doesn't act in an applicant's place.
      expect((await http.as('clerk').tell(number, 'withdraw')).body).toMatchObject({
        ...{ status: 403, code: 'applicants-own' },
        detail: expect.stringMatching(/^网上提交的申请由申请人本人在原申请渠道办理。.*填写其证件/),
      });
    });
  });

  describe('with materials requested', () => {
    it('goes on once all that was asked for is there', async () => {
      const number = await open();
      expect((await reviewer.tell(number, 'request-materials', materialsRequest)).body).toMatchObject({
        status: 'awaitingMaterials',
      });
      const record = { kind: 'medicalRecord', fileIds: [await applicant.uploaded()], issuedOn: dayFromNow(-400) };
      const lacking = await applicant.tell(number, 'resubmit', { materials: [record] });
      expect(lacking.status).toBe(422);
      expect(complaints(lacking)).toEqual(['materials.medicalRecord tooOld', 'materials.photo requested']);
      expect(complaints(await applicant.tell(number, 'resubmit', { materials: [] }))).toEqual(['materials invalid']);
      const foreign = { kind: 'photo', fileIds: [await http.newApplicant().uploaded()] };
      expect(complaints(await applicant.tell(number, 'resubmit', { materials: [foreign] }))).toEqual([
        'materials.photo fileUnusable',
      ]);

      const handedIn = await photo();
      expect((await applicant.tell(number, 'resubmit', { materials: [handedIn] })).body).toMatchObject({
        status: 'underReview',
        round: 1,
      });
      expect((await reviewer.get(`/v1/files/${handedIn.fileIds[0]}`)).status).toBe(200);
      const approved = (await reviewer.tell(number, 'approve')).body;
      expect(approved).toMatchObject({ status: 'approved', assignee: 'reviewer-1', timeline: expect.any(Array) });
      // A decision doesn't change them, and its answer is kept for a retry.
      for (const unchanged of ['applicant', 'form', 'materials']) expect(approved).not.toHaveProperty(unchanged);
      expect(kindsOf(await applicant.progress(number))).toEqual([
        'submitted',
        'accepted',
        'materialsRequested',
        'resubmitted',
        'approved',
      ]);
    });

    it('takes ten tries of one resubmission as one', async () => {
      const number = await open();
      await reviewer.tell(number, 'request-materials', materialsRequest);
      const [body, key] = [{ materials: [await photo()] }, randomUUID()];
      const tries = await Promise.all(Array.from({ length: 10 }, () => applicant.tell(number, 'resubmit', body, key)));
      expect(tries.map(({ status }) => status)).toEqual(tries.map(() => 200));
      expect(kindsOf(await applicant.progress(number)).filter((kind) => kind === 'resubmitted')).toHaveLength(1);
    });
  });

  it('that is rejected tells its applicant why, in progress and inbox, and starts afresh when resubmitted', async () => {
    const number = await open();
    expect((await reviewer.tell(number, 'reject', { reason: ' ' })).status).toBe(422);
    expect(complaints(await reviewer.tell(number, 'reject', { reason: '缺\0页' }))).toEqual(['reason invalid']);
    await reviewer.tell(number, 'reject', { reason: '病历不完整' });
    const rejected = await applicant.progress(number);
    expect(rejected.body).toMatchObject({
      status: 'rejected',
      awaiting: { what: 'resubmission', until: expect.any(String) },
    });
    expect(rejected.body.timeline.at(-1)).toMatchObject({ kind: 'rejected', detail: { reason: '病历不完整' } });
    const inbox = await applicant.get('/v1/inbox');
    expect(inbox.body.items[0]).toMatchObject({
      acceptanceNumber: number,
      purpose: 'rejected',
      body: expect.stringContaining('病历不完整'),
    });
    expect((await http.newApplicant().get('/v1/inbox')).body.items).toEqual([]);

    const record: MaterialBody = {
      kind: 'medicalRecord',
      fileIds: [await applicant.uploaded()],
      issuedOn: dayFromNow(-1),
    };
    const again = await applicant.tell(number, 'resubmit', { materials: [record] });
    expect(again.body).toMatchObject({ status: 'underReview', round: 2, acceptedOn: dayFromNow(0) });
    expect(again.body.dueOn).toBe(
      (await applicant.get(`/v1/calendar/due-date?acceptedOn=${dayFromNow(0)}`)).body.dueOn,
    );
  });

  it('that has to be verified tells its applicant where, when and with what', async () => {
    const number = await open();
    await reviewer.tell(number, 'request-verification');
    const { body } = await applicant.progress(number);
    expect(body.window).toEqual({
      place: '市政务中心医保窗口',
      bring: '本人有效身份证件和已提交材料的原件',
      hours: '09:00–12:00、13:30–17:00',
    });
    expect(body.awaiting).toMatchObject({ what: 'verification', until: expect.any(String) });
  });

  it('can be withdrawn, and then takes no message any more', async () => {
    const number = await open();
    expect((await applicant.tell(number, 'withdraw', { reason: '改日再办' })).body.status).toBe('withdrawn');
    const late = [
      await applicant.tell(number, 'resubmit', { materials: [await photo()] }),
      await applicant.tell(number, 'withdraw'),
      await reviewer.tell(number, 'approve'),
      await reviewer.tell(number, 'assign', { to: 'reviewer-2' }),
    ];
    for (const { status, body } of late) {
      expect([status, body.code]).toEqual([409, 'conflict']);
      expect(body.detail).toMatch(/请刷新/);
    }
  });

  it('is not decided by what cannot be read or makes no sense', async () => {
    const number = await open();
    const init = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"note":"同意"}' };
    const unread = await reviewer.send(`/v1/applications/${number}/approve`, init);
    expect([unread.status, unread.body.code]).toEqual([415, 'json-expected']);
    const backwards = await reviewer.tell(number, 'approve', { validFrom: '2027-01-01', validUntil: '2026-12-31' });
    expect(complaints(backwards)).toEqual(['validUntil invalid']);
    expect((await reviewer.progress(number)).body.status).toBe('underReview');
  });

  it('is approved for a period that makes sense, and one that follows from what is renewed is not given', async () => {
    const number = await open();
    for (const [period, wrong] of [
      [{ validFrom: dayFromNow(-1) }, 'validFrom outOfRange'],
      [{ validFrom: dayFromNow(32) }, 'validFrom outOfRange'],
      [{ validUntil: dayFromNow(0) }, 'validUntil past'],
    ] as const) {
      expect(complaints(await reviewer.tell(number, 'approve', period))).toEqual([wrong]);
    }
    expect((await reviewer.tell(number, 'approve', { validFrom: dayFromNow(31) })).status).toBe(200);
    const renewing = http.newApplicant({ person: insuredPeople.accreditationJustEnded });
    const renewal = { type: 'renewal', diseaseCode: 'M00500' };
    const given = { validFrom: dayFromNow(0) };
    const refused = await reviewer.tell(await http.openCase(renewing, renewal), 'approve', given);
    expect(complaints(refused)).toEqual(['validFrom notForThisType']);
  });

  it('is not there for somebody who is accredited already: they are refused, and told to renew', async () => {
    const accredited = http.newApplicant({ person: insuredPeople.accreditationRunning });
    const number = await accredited.files({ diseaseCode: 'M00500' });
    await until('it is refused', async () => (await accredited.progress(number)).body.status === 'refused');
    expect((await accredited.progress(number)).text).toContain('alreadyAccredited');
  });

  it('is assigned to reviewers only', async () => {
    const number = await open();
    for (const to of ['clerk-1', 'nobody']) {
      expect(complaints(await reviewer.tell(number, 'assign', { to }))).toEqual(['to notAReviewer']);
    }
  });

  describe('leaves nothing personal', () => {
    const person = newPerson();
    beforeEach(() => {
      applicant = http.newApplicant({ person });
    });
    const secrets = [person.name, person.idNumber, person.phone];
    const openFor = (diseaseCode: string) => http.openCase(applicant, { diseaseCode });

    it('in Temporal: neither who it is nor what they suffer from', async () => {
      const number = await openFor('M01600');
      await reviewer.tell(number, 'request-materials', materialsRequest);
      await applicant.tell(number, 'resubmit', { materials: [await photo()] });
      await reviewer.tell(number, 'approve');
      const handle = http.env.client.workflow.getHandle(number);
      await handle.result();
      const history = textOf([await handle.fetchHistory(), (await handle.describe()).raw]);
      expect(history).toContain('materialsRequested');
      for (const secret of [...secrets, '攀枝花市中心医院', 'H51040200001', 'M01600', '糖尿病']) {
        expect(history).not.toContain(secret);
      }
    });

    it('in what a reviewer writes: it is encrypted in Temporal, and read back only by those who may read cases', async () => {
      applicant = http.newApplicant();
      const number = await open();
      const reason = '病历不能证明诊断,住院号 778899';
      await reviewer.tell(number, 'reject', { reason });
      const history = await http.env.client.workflow.getHandle(number).fetchHistory();
      expect(textOf(history)).not.toContain(reason);
      const accepted = history.events?.find((event) => event.workflowExecutionUpdateAcceptedEventAttributes != null);
      const input =
        accepted?.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.args?.payloads ?? [];
      const payloads = input.map(({ metadata, data }) => ({
        metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])),
        data: base64(data),
      }));
      expect(Buffer.from(payloads[0]?.metadata['encryption-key-id'] ?? '', 'base64').toString()).toBe('k1');
      const decoded = await reviewer.post('/codec/decode', { payloads });
      const [payload] = decoded.body.payloads as { data: string }[];
      expect(JSON.parse(Buffer.from(payload?.data ?? '', 'base64').toString())).toEqual({ by: 'reviewer-1', reason });
      expect((await applicant.post('/codec/decode', { payloads })).status).toBe(403);
      const changed = payloads.map((encoded) => ({
        ...encoded,
        data: base64(Buffer.from('k1:something else that is long enough')),
      }));
      expect((await reviewer.post('/codec/decode', { payloads: changed })).body).toMatchObject({ code: 'undecodable' });
    });

    it('in the database, not even in what it keeps for retries', async () => {
      const number = await openFor('M03900');
      // What people write, what they are told, where they go, what the core says of them, and how staff are reached.
      const words = ['只给同事看', '看不清', '补正', '攀枝花市中心医院', '"arrears"', 'pzh-ybj', '+86139'];
      const key = randomUUID();
      const first = await reviewer.tell(number, 'request-materials', materialsRequest, key);
      expect((await reviewer.tell(number, 'request-materials', materialsRequest, key)).body).toEqual(first.body);
      const dump = await dumpOf(http.store);
      for (const secret of [...secrets, ...words]) expect([secret, dump.includes(secret)]).toEqual([secret, false]);
    });

    it('in the logs of api and worker, whatever was asked of them', async () => {
      const token = await http.token(['reviewer'], 'reviewer-1');
      await http.withToken(token).get(`/v1/applications?cursor=${person.phone}`);
      await applicant.post('/v1/applications', { applicant: person });
      await applicant.post('/v1/applications', `{"applicant": "${person.name} ${person.idNumber}`);
      await applicant.progress(await openFor('M00500'));
      const logs = http.logLines.join('');
      expect(logs).toContain('"path":"/v1/applications"');
      for (const secret of [...secrets, token, 'Bearer', '攀枝花市中心医院']) expect(logs).not.toContain(secret);
    });

    it('in the logs of a whole case, not even where a 短信 is refused', async () => {
      const number = await openFor('M07800');
      await refuseItsNotifications(number);
      await reviewer.tell(number, 'request-materials', { items: [{ kind: 'photo', problem: `${person.name}的照片` }] });
      const failures = async () => {
        const { notifications } = (await reviewer.progress(number)).body as unknown as {
          notifications: { failure: string }[];
        };
        return notifications.map(({ failure }) => failure);
      };
      await until('a 短信 is refused', async () => (await failures()).includes('Twilio 21211'));
      await applicant.tell(number, 'resubmit', { materials: [await photo()] });
      await reviewer.tell(number, 'reject', { reason: `${person.name}(${person.idNumber})病情不符` });
      await applicant.tell(number, 'appeal', { reason: `请致电${person.phone}` });
      await http.as('supervisor').tell(number, 'assign', { to: 'reviewer-2' });
      await http.as('reviewer', 'reviewer-2').tell(number, 'approve');
      await until('it is registered', async () => (await reviewer.progress(number)).text.includes('"registered"'));
      const logs = http.logLines.join('');
      expect(logs).toContain(number);
      for (const secret of secrets) expect(logs).not.toContain(secret);
    });

    /** Gives its applicant a phone number that no provider takes; what Twilio says of it repeats the number. */
    async function refuseItsNotifications(acceptanceNumber: string) {
      const row = (await findApplication(http.store, acceptanceNumber)) as ApplicationRow;
      const { applicant: recorded, ...rest } = openPersonal(http.store, row);
      const personal = sealPersonal(http.store, acceptanceNumber, {
        ...rest,
        applicant: { ...recorded, phone: `${recorded.phone}x` },
      });
      await http.store.db
        .update(application)
        .set({ personal })
        .where(eq(application.acceptanceNumber, acceptanceNumber));
    }
  });
});

function base64(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64');
}
