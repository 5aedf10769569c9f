import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAbsence } from '../../api/start.ts';
import { addDays, shanghaiDate, shanghaiInstant } from '../../domain/dates.ts';
import { endAbsence, enterAbsence, findAbsence } from '../../store/absences.ts';
import { staff } from '../../store/schema.ts';
import { type AbsenceProgress, absenceOptions, absenceProgress } from '../../workflows/messages.ts';
import { applicant, entriesOf, type Filed, reviewer, update } from '../support/case.ts';
import { type Office, openOffice, publishTestCalendar } from '../support/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await publishTestCalendar(office.store, await office.now());
});
afterAll(() => office?.close());

/** Somebody of the staff whom no other test knows. */
async function hire(): Promise<string> {
  const id = `reviewer-${randomUUID()}`;
  await office.store.db.insert(staff).values({ id, roles: ['reviewer'], email: `${id}@x.example`, phone: '+861' });
  return id;
}

/** Enters an absence, by days from today on, and starts its workflow, as the api does. */
async function enter(staffId: string, from: number, until: number, to: string) {
  const now = await office.now();
  const today = shanghaiDate(now);
  const period = { from: addDays(today, from), until: addDays(today, until) };
  const by = { id: randomUUID(), enteredBy: 'supervisor-1', enteredAt: now };
  const { id: absenceId } = await enterAbsence(office.store, { staffId, ...period, to, ...by });
  await startAbsence(office.client, { absenceId });
  const handle = office.client.workflow.getHandle(absenceOptions({ absenceId }).workflowId);
  const progress = (): Promise<AbsenceProgress> => handle.query(absenceProgress);
  const begins = () => office.until(shanghaiInstant(period.from, '00:05'));
  return { absenceId, begins, progress };
}

const assign = (filed: Filed, to: string) =>
  update(filed, 'assign', { by: 'supervisor-1', to, authority: 'supervisor' });
const assigneeOf = async (filed: Filed) => (await filed.row()).assignee;
async function fileFor(to: string): Promise<Filed> {
  const filed = await office.file();
  await assign(filed, to);
  return filed;
}
const withdraw = (filed: Filed[]) => Promise.all(filed.map((one) => update(one, 'withdraw', applicant)));

describe('the open cases of somebody absent', () => {
  it('all go to who takes over when it begins, but those on which that one may not decide; ended ones stay', async () => {
    const [away, to] = [await hire(), await hire()];
    const open = await Promise.all(Array.from({ length: 22 }, () => fileFor(away)));
    const rejected = await fileFor(away);
    await update(rejected, 'reject', { by: away, reason: '不符合条件' });
    const ended = await fileFor(away);
    await update(ended, 'withdraw', applicant);
    const appealed = await office.file();
    await update(appealed, 'reject', { by: to, reason: '不符合条件' });
    await update(appealed, 'appeal', { ...applicant, reason: '诊断书可以证明' });
    const halfApproved = await office.file({ review: { fourEyes: true } });
    await update(halfApproved, 'approve', { by: to });
    for (const filed of [appealed, halfApproved]) await assign(filed, away);
    const somebodyElses = await fileFor('reviewer-1');

    const { absenceId, begins, progress } = await enter(away, 2, 4, to);
    await office.env.sleep('1 day');
    expect(await Promise.all([...open, rejected].map(assigneeOf))).toEqual(Array(23).fill(away));
    expect((await progress()).state).toBe('planned');
    await begins();
    const left = [
      { acceptanceNumber: appealed.acceptanceNumber, objection: 'tookPart' },
      { acceptanceNumber: halfApproved.acceptanceNumber, objection: 'sameEyes' },
    ];
    const sorted = left.sort((a, b) => a.acceptanceNumber.localeCompare(b.acceptanceNumber));
    expect(await progress()).toEqual({ state: 'handedOver', handedOver: 23, left: sorted });
    expect((await findAbsence(office.store, absenceId))?.handover).toEqual({ handedOver: 23, left: sorted });
    expect(await Promise.all([...open, rejected].map(assigneeOf))).toEqual(Array(23).fill(to));
    expect(await Promise.all([ended, appealed, halfApproved, somebodyElses].map(assigneeOf))).toEqual([
      away,
      away,
      away,
      'reviewer-1',
    ]);
    expect((await entriesOf(office, rejected)).at(-1)).toMatchObject({
      kind: 'assigned',
      by: 'supervisor-1',
      via: 'api',
      detail: { to },
    });
    await withdraw([...open, appealed, halfApproved, somebodyElses]);
  });

  it('go at once where it has begun, and to whoever takes over from the other where that one is absent by then', async () => {
    const [away, to, third] = [await hire(), await hire(), await hire()];
    const [one, other] = [await fileFor(away), await fileFor(away)];
    await enter(away, 1, 5, to);
    await enter(to, 0, 2, third);
    await office.env.sleep('1 day');
    await office.env.sleep('1 minute');
    expect([await assigneeOf(one), await assigneeOf(other)]).toEqual([third, third]);
    const later = await fileFor(third);
    const { progress } = await enter(third, -1, 1, 'supervisor-1');
    await office.env.sleep('5 s');
    expect(await progress()).toMatchObject({ state: 'handedOver', handedOver: 3 });
    await withdraw([one, other, later]);
  });
});

describe('an absence that doesn’t stand any more when it would begin', () => {
  it('hands over nothing: changed', async () => {
    const [away, to, other] = [await hire(), await hire(), await hire()];
    const filed = await fileFor(away);
    const first = await enter(away, 1, 4, to);
    const second = await enter(away, 3, 4, other);
    await first.begins();
    expect(await first.progress()).toMatchObject({ state: 'dropped', handedOver: 0 });
    expect(await assigneeOf(filed)).toBe(away);
    await second.begins();
    expect(await assigneeOf(filed)).toBe(other);
    await withdraw([filed]);
  });

  it('hands over nothing: ended, or over because nobody could begin it', async () => {
    const [away, to] = [await hire(), await hire()];
    const filed = await fileFor(away);
    const { begins, progress } = await enter(away, 1, 1, to);
    await endAbsence(office.store, away, await office.now());
    await begins();
    expect((await progress()).state).toBe('dropped');
    const over = await enter(away, -3, -1, to);
    await office.env.sleep('5 s');
    expect((await over.progress()).state).toBe('dropped');
    expect(await assigneeOf(filed)).toBe(away);
    await update(filed, 'approve', { ...reviewer, by: away });
  });
});
