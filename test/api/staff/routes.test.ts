import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { enterAbsence } from '../../../store/staff/absences.ts';
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
    expect(await member(away)).toEqual({ id: away, roles: ['reviewer'], active: true, openCases: 2, absence: null });

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
});
