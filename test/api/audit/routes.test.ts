import { expect, it } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import { auditEntry } from '../../../store/audit/tables.ts';
import { verifyAudit } from '../../../store/audit/verify.ts';
import { findStaff } from '../../../store/staff/queries.ts';
import { type Applying, complaints, tellsToRetry } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { newPerson } from '../../harness/people.ts';

interface Item {
  by: string;
  role: string;
  action: string;
  kind: string;
  part: string;
  objects: string[];
  why: string;
  address: string | null;
  reason: string | null;
  words: string;
}

/** Who reads and changes what is recorded, and can be asked for. */
await describeApi('the audit', (http) => {
  const entries = async (query: string) => {
    const { status, body } = await http.as('supervisor').get(`/v1/audit?${query}`);
    expect(status).toBe(200);
    return body.items as unknown as Item[];
  };
  const told = ({ by, role, action, kind, part, why }: Item) => `${role} ${by} ${action} ${kind} ${part} ${why}`;

  it('has every read and change of a case, by whom, as what and why', async () => {
    const applicant = http.newApplicant();
    const { person } = applicant.applying as Applying;
    const fileId = await applicant.uploaded();
    const number = await http.openCase(applicant);
    const reviewer = http.as('reviewer', 'reviewer-1');
    await reviewer.progress(number);
    await reviewer.tell(number, 'assign', { to: 'reviewer-1' });
    const { body } = await reviewer.progress(number);
    const [material] = body.materials as { files: { fileId: string }[] }[];
    await reviewer.get(`/v1/files/${material?.files[0]?.fileId}`);
    await http.as('clerk').get(`/v1/applications/${number}/notices`);
    await http.as('director').get('/v1/worklist?limit=200');
    await http.as('clerk').post('/v1/people/lookup', { idNumber: person.idNumber, reason: '本人到窗口' });
    await http.as('supervisor').get(`/v1/files/${fileId}`); // not handed in: nobody else's
    expect((await reviewer.tell(number, 'assign', { to: 'nobody' })).status).toBe(422);

    const ofOthers = (await entries(`case=${number}`)).filter(({ role }) => role !== 'applicant').reverse();
    expect(ofOthers.map(told)).toEqual([
      'reviewer reviewer-1 read application details unassigned',
      'reviewer reviewer-1 change application assign unassigned',
      'reviewer reviewer-1 read application details inCharge',
      'reviewer reviewer-1 read file content inCharge',
      'clerk clerk-1 read notice notices duty',
      'director director-1 read application list duty',
      'clerk clerk-1 read person lookUp lookUp',
      'reviewer reviewer-1 change application assign inCharge',
    ]);
    expect(ofOthers[3]?.objects).toEqual([material?.files[0]?.fileId, number]);
    expect(ofOthers[6]).toMatchObject({ reason: '本人到窗口', address: expect.stringContaining('127.0.0.1') });
    expect(ofOthers[2]?.words).toBe('审核人查看了申请:办理详情(承办此件)');

    const own = (await entries(`by=${applicant.id}`)).map(told);
    expect(own).toContain(`applicant ${applicant.id} change application filing own`);
    expect(own).toContain(`applicant ${applicant.id} change file upload own`);
    const ofPerson = await entries(`personOf=${number}&limit=200`);
    expect(ofPerson.map(told)).toEqual(expect.arrayContaining(ofOthers.map(told)));

    const { body: found } = await http
      .as('supervisor')
      .post('/v1/audit/search', { idNumber: person.idNumber, reason: '投诉' });
    expect(found.items.length).toBeGreaterThanOrEqual(ofPerson.length);
    const { body: again } = await http.as('supervisor').get(`/v1/audit?personOf=${number}&limit=1`);
    expect(told(again.items[0] as unknown as Item)).toBe('supervisor supervisor-1 read audit trail lookUp');
    const next = await http.as('supervisor').get(`/v1/audit?personOf=${number}&limit=1&cursor=${again.nextCursor}`);
    expect([next.status, next.body.items.length]).toEqual([200, 1]);
  });

  it('tells the applicant in words who looked at their case, and nobody else', async () => {
    const applicant = http.newApplicant();
    const number = await http.openCase(applicant);
    await http.as('reviewer').progress(number);
    const { body, text } = await applicant.get(`/v1/applications/${number}/audit`);
    const words = body.items.map((item) => item.words);
    expect(words[0]).toBe('审核人查看了申请:办理详情(尚无承办人)');
    expect(words).toContain('您本人办理:提交申请(本人或代办)');
    expect(text).not.toContain('reviewer-1');
    await http.as('reviewer').post(`/v1/applications/${number}/notes`, { text: '来电称周五前补齐' });
    const newest = await applicant.get(`/v1/applications/${number}/audit?limit=1`);
    expect([newest.body.items.length, newest.text.includes('备注')]).toEqual([1, false]);
    expect((await applicant.get(`/v1/applications/${number}/audit`)).text).not.toContain('备注');
    expect((await http.newApplicant().get(`/v1/applications/${number}/audit`)).status).toBe(404);
  });

  it('wants a reason for looking somebody up', async () => {
    const reply = await http.as('clerk').post('/v1/people/lookup', { idNumber: newPerson().idNumber });
    expect([reply.status, complaints(reply)]).toEqual([422, ['reason invalid']]);
  });

  it('has what was decoded for Temporal Web', async () => {
    const payloads = [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'e30=' }];
    expect((await http.as('reviewer', 'reviewer-2').post('/codec/decode', { payloads })).status).toBe(200);
    expect((await entries('by=reviewer-2')).map(told)).toContain('reviewer reviewer-2 read history decoded duty');
  });

  it('shows and does nothing that it can’t record', async () => {
    const applicant = http.newApplicant();
    const number = await http.openCase(applicant);
    const fileId = await applicant.uploaded();
    const reviewer = http.as('reviewer');
    await reviewer.progress(number);
    const member = {
      name: '李明',
      roles: ['admin'],
      active: true,
      email: 'somebody@pzh-ybj.example',
      phone: '+8613900000099',
    };
    await http.store.db.execute(sql`alter table audit_entry rename to audit_entry_away`);
    try {
      for (const path of [`/v1/applications/${number}`, '/v1/worklist', '/v1/applications', '/v1/accreditations']) {
        const reply = await reviewer.get(path);
        tellsToRetry(reply);
        expect(reply.text).not.toContain(number);
      }
      tellsToRetry(await applicant.get(`/v1/files/${fileId}`));
      tellsToRetry(await reviewer.tell(number, 'approve'));
      tellsToRetry(await http.as('admin').put('/v1/staff/unrecorded-1', member));
      tellsToRetry(
        await http.as('clerk').post('/v1/people/lookup', { idNumber: newPerson().idNumber, reason: '咨询' }),
      );
      expect((await http.withToken().get('/v1/catalogue')).status).toBe(200);
    } finally {
      await http.store.db.execute(sql`alter table audit_entry_away rename to audit_entry`);
    }
    expect((await reviewer.progress(number)).body.status).toBe('underReview');
    expect(await findStaff(http.store, 'unrecorded-1')).toBeUndefined();
    expect((await reviewer.tell(number, 'approve')).status).toBe(200);
  });

  it('holds no name, ID number or phone, and is whole', async () => {
    const applicant = http.newApplicant();
    const { person } = applicant.applying as Applying;
    const number = await http.openCase(applicant);
    await http.as('clerk').post('/v1/people/lookup', { idNumber: person.idNumber, reason: `${person.name}来电` });
    const rows = await http.store.db.select().from(auditEntry).where(eq(auditEntry.part, 'lookUp'));
    expect(JSON.stringify(rows)).toContain(number);
    for (const datum of [person.name, person.idNumber, person.phone]) expect(JSON.stringify(rows)).not.toContain(datum);
    const tamperings: unknown[] = [];
    const { entries } = await verifyAudit(http.store, [], (tampering) => tamperings.push(tampering));
    expect([tamperings, entries > 20]).toEqual([[], true]);
  });
});
