import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { staff } from '../../../store/staff/tables.ts';
import { type Applying, complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { atWindowHours } from '../../harness/http/situations.ts';

const member = (roles: string[], active = true) => ({
  ...{ name: '李明', roles, active },
  email: 'somebody@pzh-ybj.example',
  phone: '+8613900000099',
});

/** Who is on the list of staff, and what nobody may do alone. */
await describeApi('a member of staff', (http) => {
  const admin = () => http.as('admin', 'admin-1');
  const holder = async (roles: string[], id: string) => http.withToken(await http.token(roles, id));

  it('counts once they are on the list, with the roles that they have there, until they are retired', async () => {
    const id = `new-${randomUUID()}`;
    const newcomer = await holder(['reviewer', 'supervisor', 'clerk'], id);
    const stranger = await newcomer.get('/v1/worklist');
    expect([stranger.status, stranger.body.code]).toEqual([403, 'not-staff']);

    expect((await admin().put(`/v1/staff/${id}`, member(['reviewer']))).body).toMatchObject({ id, active: true });
    expect((await newcomer.get('/v1/worklist')).status).toBe(200);
    expect((await newcomer.get('/v1/statistics')).body.code).toBe('not-staff');
    const number = await http.openCase(http.newApplicant());
    expect((await http.as('supervisor').tell(number, 'assign', { to: id })).status).toBe(200);

    expect((await admin().put(`/v1/staff/${id}`, member(['reviewer'], false))).body).toMatchObject({
      active: false,
      openCases: 0,
      departure: { to: null, toName: null, enteredBy: 'admin-1', handover: { handedOver: 1, left: [] } },
    });
    expect((await http.as('reviewer').progress(number)).body).toMatchObject({ assignee: null, assigneeName: null });
    expect((await newcomer.get('/v1/worklist')).body.code).toBe('not-staff');
    expect((await newcomer.tell(number, 'approve')).body.code).toBe('not-staff');
    expect(complaints(await http.as('supervisor').tell(number, 'assign', { to: id }))).toEqual(['to notAReviewer']);
  });

  it('is kept by an admin, who can’t lock themselves out', async () => {
    const refused = await admin().put('/v1/staff/admin-1', member(['admin'], false));
    expect([refused.status, refused.body.code]).toEqual([409, 'own-membership']);
    expect((await admin().put('/v1/staff/admin-1', member(['clerk']))).body.code).toBe('own-membership');
    const wrong = await admin().put('/v1/staff/x', { roles: ['applicant'], email: 'x', phone: '139' });
    expect(complaints(wrong)).toEqual([
      'active invalid',
      'email invalid',
      'name invalid',
      'phone invalid',
      'roles.0 invalid',
    ]);
    expect((await admin().put('/v1/staff/%00', member(['clerk']))).status).toBe(404);
  });

  it('is one of at least one: of two who retire each other at the same time one stays', async () => {
    const other = `admin-${randomUUID()}`;
    const admins = [admin(), http.as('admin', other)] as const;
    await admins[1].get('/v1/staff');
    const replies = await Promise.all([
      admins[0].put(`/v1/staff/${other}`, member(['admin'], false)),
      admins[1].put('/v1/staff/admin-1', member(['clerk'])),
    ]);
    try {
      const outcomes = replies.map(({ status, body }) => (status === 200 ? 'saved' : body.code));
      // Whether the slower one is let in at all depends on how far the other has come.
      expect(['last-admin', 'not-staff']).toContain(outcomes.filter((outcome) => outcome !== 'saved').join());
      const rows = await http.store.db.select().from(staff).where(eq(staff.active, true));
      expect(rows.filter(({ roles }) => roles.includes('admin'))).toHaveLength(1);
    } finally {
      await http.store.db
        .update(staff)
        .set({ active: true, roles: ['admin'] })
        .where(eq(staff.id, 'admin-1'));
    }
    expect((await admin().put(`/v1/staff/${other}`, member(['admin'], false))).status).toBe(200);
  });

  it('is what the last of two who save them at once has said, as a whole', async () => {
    const path = `/v1/staff/new-${randomUUID()}`;
    const said = ['赵一', '钱二'].map((name) => ({
      ...member(['reviewer']),
      name,
      email: `${name === '赵一'}@pzh.example`,
    }));
    const replies = await Promise.all(said.map((body) => admin().put(path, body)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    const { name, email } = (await admin().get(path)).body;
    expect(said.map((body) => [body.name, body.email])).toContainEqual([name, email]);
  });

  it('is shown to an admin with how to reach them, and named wherever people read their id', async () => {
    const id = `new-${randomUUID()}`;
    const unknown = await admin().get(`/v1/staff/${id}`);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not-found']);
    await admin().put(`/v1/staff/${id}`, { ...member(['reviewer']), name: '阿西·木呷' });
    expect((await admin().get(`/v1/staff/${id}`)).body).toMatchObject({
      id,
      name: '阿西·木呷',
      phone: '+8613900000099',
    });
    const listed = (await http.as('clerk').get('/v1/staff')).body.items.find((item) => item.id === id);
    expect(listed).toEqual(expect.objectContaining({ name: '阿西·木呷', absence: null, departure: null }));
    expect(listed).not.toHaveProperty('phone');

    const applicant = http.newApplicant();
    const number = await http.openCase(applicant);
    await http.as('supervisor').tell(number, 'assign', { to: id });
    const reviewer = http.as('reviewer', id);
    await reviewer.tell(number, 'request-materials', { items: [{ kind: 'photo', problem: '没有照片' }] });
    const { body } = await reviewer.progress(number);
    expect(body).toMatchObject({ assignee: id, assigneeName: '阿西·木呷' });
    const shown = body.timeline.map(({ kind, by, byName, toName }) => [kind, by === byName || byName, toName]);
    expect(shown).toContainEqual(['assigned', '赵静', '阿西·木呷']);
    expect(shown).toContainEqual(['materialsRequested', '阿西·木呷', undefined]);
    expect(shown[0]).toEqual(['submitted', true, undefined]);
    expect(shown).toContainEqual(['accepted', true, undefined]);
    const { items } = (await reviewer.get(`/v1/worklist?assignee=${id}`)).body;
    expect(items).toEqual([expect.objectContaining({ acceptanceNumber: number, assigneeName: '阿西·木呷' })]);
    const lookUp = { idNumber: applicant.person.idNumber, reason: '咨询' };
    const { applications } = (await http.as('clerk').post('/v1/people/lookup', lookUp)).body as {
      applications?: unknown;
    };
    expect(applications).toEqual([expect.objectContaining({ assigneeName: '阿西·木呷' })]);
    const audit = (await http.as('supervisor').get(`/v1/audit?case=${number}&by=${id}`)).body.items;
    expect(new Set(audit.map(({ byName }) => byName))).toEqual(new Set(['阿西·木呷']));
    const { groups } = (await http.as('supervisor').get('/v1/statistics?by=reviewer')).body as { groups?: unknown };
    expect(groups).toContainEqual(expect.objectContaining({ code: id, name: '阿西·木呷' }));
    expect((await applicant.progress(number)).text).not.toContain('阿西·木呷');
  });

  it('neither verifies nor decides on a case of their own, in whatever role', async () => {
    const id = `both-${randomUUID()}`;
    await admin().put(`/v1/staff/${id}`, member(['clerk', 'reviewer', 'supervisor']));
    const applicant = http.newApplicant();
    const number = await http.openCase(applicant);
    const { person } = applicant.applying as Applying;
    const both = http.withToken(await http.token(['clerk', 'reviewer', 'supervisor'], id, { person }));
    for (const [message, body] of [
      ['request-verification', {}],
      ['record-verification', { passed: true }],
      ['approve', {}],
      ['reject', { reason: '不符' }],
      ['assign', { to: 'reviewer-1' }],
    ] as const) {
      const reply = await both.tell(number, message, body);
      expect([message, reply.status, reply.body.code]).toEqual([message, 403, 'own-case']);
    }
    // A token for both an app and the office is the app's.
    const asApplicant = await holder(['applicant', 'reviewer'], id);
    expect((await asApplicant.tell(number, 'approve')).body.code).toBe('forbidden');
    // Who only hands out the case can't know who the person is; deciding is refused all the same.
    expect((await http.as('supervisor').tell(number, 'assign', { to: id })).status).toBe(200);
    expect((await both.tell(number, 'approve')).body.code).toBe('own-case');
  });

  it('does not request, record and approve a verification alone', async () => {
    const id = `both-${randomUUID()}`;
    await admin().put(`/v1/staff/${id}`, member(['clerk', 'reviewer']));
    const both = await holder(['clerk', 'reviewer'], id);
    const number = await http.openCase(http.newApplicant());
    expect((await both.tell(number, 'request-verification')).status).toBe(200);
    expect((await both.tell(number, 'record-verification', { passed: true })).status).toBe(200);
    const alone = await both.tell(number, 'approve');
    expect([alone.status, alone.body.code]).toEqual([409, 'verifier-alone']);
    expect((await both.tell(number, 'reject', { reason: '不符' })).body.code).toBe('verifier-alone');
    expect((await both.tell(number, 'assign', { to: 'reviewer-2' })).status).toBe(200);
    expect((await http.as('reviewer', 'reviewer-2').tell(number, 'approve')).status).toBe(200);
  });

  it('does not review what they took in at the window', async () => {
    const window = await atWindowHours(http);
    try {
      const id = `both-${randomUUID()}`;
      await admin().put(`/v1/staff/${id}`, member(['clerk', 'reviewer']));
      const number = await window.as('clerk', id).files({ channel: 'window' });
      const reply = await (await holder(['clerk', 'reviewer'], id)).tell(number, 'approve');
      expect([reply.status, reply.body.code]).toEqual([403, 'own-case']);
    } finally {
      await window.close();
    }
  });
});
