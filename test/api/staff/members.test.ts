import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { type Applying, complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { atWindowHours } from '../../harness/http/situations.ts';

const member = (roles: string[], active = true) => ({
  ...{ roles, active },
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
      openCases: 1,
    });
    expect((await newcomer.get('/v1/worklist')).body.code).toBe('not-staff');
    expect((await newcomer.tell(number, 'approve')).body.code).toBe('not-staff');
    expect(complaints(await http.as('supervisor').tell(number, 'assign', { to: id }))).toEqual(['to notAReviewer']);
  });

  it('is kept by an admin, who can’t lock themselves out', async () => {
    const refused = await admin().put('/v1/staff/admin-1', member(['admin'], false));
    expect([refused.status, refused.body.code]).toEqual([409, 'own-membership']);
    expect((await admin().put('/v1/staff/admin-1', member(['clerk']))).body.code).toBe('own-membership');
    const wrong = await admin().put('/v1/staff/x', { roles: ['applicant'], email: 'x', phone: '139' });
    expect(complaints(wrong)).toEqual(['active invalid', 'email invalid', 'phone invalid', 'roles.0 invalid']);
    expect((await admin().put('/v1/staff/%00', member(['clerk']))).status).toBe(404);
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
