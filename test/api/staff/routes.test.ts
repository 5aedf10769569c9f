import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { startAbsence } from '../../../api/staff/start.ts';
import type { Messages } from '../../../domain/cases/messages.ts';
import { enterAbsence } from '../../../store/staff/absences.ts';
import { saveMembers } from '../../../store/staff/members.ts';
import { complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow } from '../../harness/http/documents.ts';
import { keepHouse } from '../../harness/office/housekeeping.ts';
import { hire } from '../../harness/staff.ts';
import { until } from '../../harness/until.ts';

interface Absence {
  from: string;
  until: string;
  to: string;
  workflowId: string;
  handover: { handedOver: number; left: { acceptanceNumber: string; detail: string }[] } | null;
}

/** Absences of reviewers, as supervisors and they themselves enter them. */
await describeApi('the staff', (http) => {
  const path = (id: string) => `/v1/staff/${id}/absence`;
  const days = (from: number, last: number) => ({ from: dayFromNow(from), until: dayFromNow(last) });
  const member = async (id: string) => {
    const { body } = await http.as('clerk').get('/v1/staff');
    const items = body.items as unknown as {
      id: string;
      roles: string[];
      openCases: number;
      absence: Absence | null;
      departure: Absence | null;
    }[];
    return items.find((staffMember) => staffMember.id === id);
  };
  const handedOver = (id: string) =>
    until('the cases are handed over', async () => (await member(id))?.absence?.handover != null);
  const assigneeOf = async (number: string) => (await http.as('reviewer').progress(number)).body.assignee;
  const assign = (number: string, to: string) => http.as('supervisor').tell(number, 'assign', { to });

  it('are entered by oneself: all open cases go to who takes over, and come back only when somebody gives them back', async () => {
    const [away, to] = [await hire(http.store), await hire(http.store)];
    const applicant = http.newApplicant();
    const numbers = [await http.openCase(applicant), await http.openCase(applicant)];
    for (const number of numbers) await assign(number, away);
    expect(await member(away)).toEqual({
      ...{ id: away, name: away, roles: ['reviewer'], active: true, openCases: 2 },
      ...{ absence: null, departure: null },
    });

    const self = http.as('reviewer', away);
    const entered = await self.put(path(away), { ...days(0, 3), to });
    expect(entered.body).toMatchObject({ id: away, absence: { ...days(0, 3), to, workflowId: expect.any(String) } });
    await handedOver(away);
    expect(await Promise.all(numbers.map(assigneeOf))).toEqual([to, to]);
    expect(await member(away)).toMatchObject({ openCases: 0, absence: { handover: { handedOver: 2, left: [] } } });
    expect(await member(to)).toMatchObject({ openCases: 2, absence: null });
    const again = await self.put(path(away), { ...days(0, 3), to });
    expect(again.body.absence).toMatchObject({ workflowId: (entered.body.absence as Absence).workflowId });

    const refused = await assign(numbers[0] as string, away);
    expect(complaints(refused)).toEqual(['to absent']);
    const unassigned = await http.openCase(applicant);
    const reply = await self.tell(unassigned, 'approve');
    expect([reply.status, reply.body.code]).toEqual([409, 'absent']);
    expect(refused.body.errors[0]?.detail).toContain(`不在岗,请指派给接替人 ${to}`);
    expect((await self.delete(path(away))).body).toMatchObject({ absence: null });
    expect(await Promise.all(numbers.map(assigneeOf))).toEqual([to, to]);
    expect((await assign(numbers[0] as string, away)).body).toMatchObject({ assignee: away });
  });

  it('tell the supervisor which cases stay, since who takes over may not decide on them', async () => {
    const [away, to] = [await hire(http.store), await hire(http.store)];
    const applicant = http.newApplicant();
    const number = await http.openCase(applicant);
    await http.as('reviewer', to).tell(number, 'reject', { reason: '病历不完整' });
    await applicant.tell(number, 'appeal', { reason: '病历完整' });
    await assign(number, away);
    await http.as('supervisor').put(path(away), { ...days(0, 0), to });
    await handedOver(away);
    expect((await member(away))?.absence?.handover).toEqual({
      handedOver: 0,
      left: [{ acceptanceNumber: number, objection: 'tookPart', detail: expect.stringContaining('请指派其他人员') }],
    });
    expect(await assigneeOf(number)).toBe(away);
  });

  it('that are still to come can be changed and ended; until then cases can be assigned', async () => {
    const [away, to] = [await hire(http.store), await hire(http.store)];
    const supervisor = http.as('supervisor');
    await supervisor.put(path(away), { ...days(5, 6), to });
    const changed = await supervisor.put(path(away), { ...days(7, 8), to });
    expect(changed.body.absence).toMatchObject({ ...days(7, 8), handover: null });
    const number = await http.openCase(http.newApplicant());
    expect((await assign(number, away)).status).toBe(200);
    await supervisor.delete(path(away));
    expect((await supervisor.delete(path(away))).body).toMatchObject({ id: away, openCases: 1, absence: null });
  });

  it('are for oneself or by a supervisor, for somebody who works here', async () => {
    const [away, to] = [await hire(http.store), await hire(http.store)];
    const colleague = http.as('reviewer', to);
    expect((await colleague.put(path(away), { ...days(0, 1), to })).status).toBe(403);
    expect((await colleague.delete(path(away))).status).toBe(403);
    for (const unknown of ['nobody', '%00', '张三']) {
      expect((await http.as('supervisor').put(path(unknown), { ...days(0, 1), to })).status).toBe(404);
    }
  });

  it('that make no sense are refused with everything that is wrong', async () => {
    const [away, to, clerk] = [await hire(http.store), await hire(http.store), await hire(http.store, 'clerk')];
    const supervisor = http.as('supervisor');
    const wrong = async (body: unknown) => complaints(await supervisor.put(path(away), body));
    expect(await wrong({})).toEqual(['from invalid', 'to invalid', 'until invalid']);
    expect(await wrong([])).toContain(' invalid');
    expect(await wrong({ from: '2026-02-30', until: dayFromNow(1), to: clerk, note: '' })).toEqual([
      'from invalid',
      'note unknownField',
      'to notAReviewer',
    ]);
    expect(await wrong({ ...days(2, 1), to: away })).toEqual(['to samePerson', 'until endsTooEarly']);
    expect(await wrong({ ...days(-2, -1), to: 'nobody' })).toEqual(['to notAReviewer', 'until over']);
    await supervisor.put(path(to), { ...days(3, 4), to: 'reviewer-1' });
    expect(await wrong({ ...days(1, 3), to })).toEqual(['to absentToo']);
    expect((await member(away))?.absence).toBeNull();
  });

  it('whose workflow could not be started are begun by housekeeping', async () => {
    const [away, to] = [await hire(http.store), await hire(http.store)];
    const number = await http.openCase(http.newApplicant());
    await assign(number, away);
    const enteredAt = new Date(Date.now() - 60_000).toISOString();
    const entered = { staffId: away, ...days(0, 0), to, id: randomUUID(), enteredBy: 'supervisor-1', enteredAt };
    await enterAbsence(http.store, entered);
    for (const _ of [1, 2]) await keepHouse(http.env.client);
    await handedOver(away);
    expect(await assigneeOf(number)).toBe(to);
  });

  it('are kept and begun later where Temporal cannot be reached', async () => {
    const [away, to] = [await hire(http.store), await hire(http.store)];
    const cutOff = await http.withoutTemporal();
    const { status, body } = await cutOff.as('supervisor').put(path(away), { ...days(0, 0), to });
    expect([status, body.absence]).toEqual([200, expect.objectContaining({ to, handover: null })]);
    // Entered again, it is begun.
    await http.as('supervisor').put(path(away), { ...days(0, 0), to });
    await handedOver(away);
    await cutOff.close();
  });

  const leaver = (roles: string[], active: boolean) => ({
    ...{ name: '离岗人', roles, active },
    ...{ email: 'leaver@pzh-ybj.example', phone: '+8613900000099' },
  });
  const retire = (id: string, to?: string) =>
    http.as('admin').put(`/v1/staff/${id}`, { ...leaver(['reviewer'], false), ...(to ? { to } : {}) });

  it('that are retired hand their cases over to who takes over; what can’t be handed over is named, and given back', async () => {
    const [gone, to] = [await hire(http.store), await hire(http.store)];
    const applicant = http.newApplicant();
    const numbers = [await http.openCase(applicant), await http.openCase(applicant)] as const;
    await http.as('reviewer', to).tell(numbers[0], 'reject', { reason: '病历不完整' });
    await applicant.tell(numbers[0], 'appeal', { reason: '病历完整' });
    for (const number of numbers) await assign(number, gone);
    await http.as('supervisor').put(path(gone), { ...days(3, 4), to: 'reviewer-1' });

    const { status, body } = await retire(gone, to);
    const left = [{ acceptanceNumber: numbers[0], objection: 'tookPart', detail: expect.stringContaining('请指派') }];
    expect([status, body.absence]).toEqual([200, null]);
    expect(body.departure).toMatchObject({ to, toName: to, enteredByName: '吴洋', handover: { handedOver: 1, left } });
    expect(await Promise.all(numbers.map(assigneeOf))).toEqual([gone, to]);
    for (const _ of [1, 2]) expect(await keepHouse(http.env.client)).toBe(0);
    // What is corrected of them later leaves that as it is; given back, the rest is anybody's.
    const corrected = await http.as('admin').put(`/v1/staff/${gone}`, { ...leaver(['clerk'], false) });
    expect(corrected.body).toMatchObject({
      openCases: 1,
      departure: { workflowId: (body.departure as Absence).workflowId },
    });
    const givenBack = await http.as('admin').put(`/v1/staff/${gone}`, { ...leaver(['clerk'], false), to: null });
    expect(givenBack.body).toMatchObject({ openCases: 0, departure: { handover: { handedOver: 1, left: [] } } });
    expect(await assigneeOf(numbers[0])).toBeNull();
    expect((await http.as('supervisor').put(path(gone), { ...days(0, 1), to })).status).toBe(404);
    const back = await http.as('admin').put(`/v1/staff/${gone}`, leaver(['reviewer'], true));
    expect(back.body).toMatchObject({ active: true, openCases: 0, departure: null });
  });

  it('that lose the roles that review hand over as well, and are no substitute any more', async () => {
    const [gone, away] = [await hire(http.store), await hire(http.store)];
    const numbers = [await http.openCase(http.newApplicant()), await http.openCase(http.newApplicant())] as const;
    await assign(numbers[0], gone);
    await assign(numbers[1], away);
    const clerk = await http.as('admin').put(`/v1/staff/${gone}`, leaver(['clerk'], true));
    expect(clerk.body).toMatchObject({ openCases: 0, departure: { handover: { handedOver: 1, left: [] } } });
    // Entered for an absence while the other was being moved, they take over nothing.
    const enteredAt = new Date(Date.now() - 60_000).toISOString();
    const entered = { staffId: away, ...days(0, 0), to: gone, id: randomUUID(), enteredBy: 'supervisor-1', enteredAt };
    await enterAbsence(http.store, entered);
    await keepHouse(http.env.client);
    await handedOver(away);
    expect(await Promise.all(numbers.map(assigneeOf))).toEqual([null, null]);
  });

  it('that are retired by somebody who names a wrong substitute are told everything at once', async () => {
    const [gone, clerk] = [await hire(http.store), await hire(http.store, 'clerk')];
    const wrong = async (body: unknown) => complaints(await http.as('admin').put(`/v1/staff/${gone}`, body));
    expect(await wrong({ ...leaver(['reviewer'], false), phone: '139', to: clerk })).toEqual([
      'phone invalid',
      'to notAReviewer',
    ]);
    expect(await wrong({ ...leaver(['reviewer'], false), to: gone })).toEqual(['to samePerson']);
    expect(await wrong({ ...leaver(['supervisor'], true), to: 'reviewer-1' })).toEqual(['to notLeaving']);
    expect((await member(gone))?.departure).toBeNull();
  });

  it('that were retired just before a crash, or get a case after that, hand it over by housekeeping', async () => {
    const gone = await hire(http.store);
    const [before, after] = [
      await http.openCase(http.newApplicant()),
      await http.openCase(http.newApplicant()),
    ] as const;
    await assign(before, gone);
    const at = new Date(Date.now() - 60_000).toISOString();
    await saveMembers(http.store, [{ id: gone, ...leaver(['reviewer'], false) }], { by: 'admin-1', at });
    await keepHouse(http.env.client);
    const handed = () => until('it is handed over', async () => (await member(gone))?.departure?.handover != null);
    await handed();
    expect(await assigneeOf(before)).toBeNull();
    // Assigned by a request that had been checked before.
    const args: [Messages['assign']] = [{ by: 'supervisor-1', to: gone, authority: 'supervisor' }];
    await http.env.client.workflow.getHandle(after).executeUpdate('assign', { args });
    expect(await assigneeOf(after)).toBe(gone);
    await keepHouse(http.env.client);
    await handed();
    expect(await assigneeOf(after)).toBeNull();
  });

  it('are retired at once where Temporal cannot be reached; their cases follow', async () => {
    const gone = await hire(http.store);
    const number = await http.openCase(http.newApplicant());
    await assign(number, gone);
    const cutOff = await http.withoutTemporal();
    const { status, body } = await cutOff.as('admin').put(`/v1/staff/${gone}`, leaver(['reviewer'], false));
    expect([status, body.active, body.openCases]).toEqual([202, false, 1]);
    expect(body.departure).toMatchObject({ to: null, handover: null });
    await cutOff.close();
    expect((await http.as('reviewer', gone).get('/v1/worklist')).body.code).toBe('not-staff');
    const { workflowId } = body.departure as Absence;
    await startAbsence(http.env.client, { absenceId: workflowId.replace('absence-', '') });
    await until('it is handed over', async () => (await member(gone))?.departure?.handover != null);
    expect(await assigneeOf(number)).toBeNull();
  });
});
