import { describe, expect, it } from '@jest/globals';
import { endAbsence, findAbsence } from '../../../store/staff/absences.ts';
import { enter } from '../../harness/office/absence.ts';
import { applicant, entriesOf, type Filed, reviewer, update } from '../../harness/office/case.ts';
import { useOffice } from '../../harness/office/use-office.ts';
import { hire } from '../../harness/staff.ts';

const office = useOffice();

const assign = (filed: Filed, to: string) =>
  update(filed, 'assign', { by: 'supervisor-1', to, authority: 'supervisor' });
const assigneeOf = async (filed: Filed) => (await filed.row()).assignee;
async function fileFor(to: string): Promise<Filed> {
  const filed = await office.file();
  await assign(filed, to);
  return filed;
}
const withdraw = (filed: Filed[]) => Promise.all(filed.map((filedCase) => update(filedCase, 'withdraw', applicant)));

describe('the open cases of somebody absent', () => {
  it('all go to who takes over when it begins, but those on which that one may not decide; ended ones stay', async () => {
    const [away, to] = [await hire(office.store), await hire(office.store)];
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

    const { absenceId, begins, progress } = await enter(office, away, [2, 4], to);
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
    const [away, to, third] = [await hire(office.store), await hire(office.store), await hire(office.store)];
    const [first, second] = [await fileFor(away), await fileFor(away)];
    await enter(office, away, [1, 5], to);
    await enter(office, to, [0, 2], third);
    await office.env.sleep('1 day');
    await office.env.sleep('1 minute');
    expect([await assigneeOf(first), await assigneeOf(second)]).toEqual([third, third]);
    const later = await fileFor(third);
    const { progress } = await enter(office, third, [-1, 1], 'supervisor-1');
    await office.env.sleep('5 s');
    expect(await progress()).toMatchObject({ state: 'handedOver', handedOver: 3 });
    await withdraw([first, second, later]);
  });
});

describe('an absence that doesn’t stand any more when it would begin', () => {
  it('hands over nothing: changed', async () => {
    const [away, to, other] = [await hire(office.store), await hire(office.store), await hire(office.store)];
    const filed = await fileFor(away);
    const first = await enter(office, away, [1, 4], to);
    const second = await enter(office, away, [3, 4], other);
    await first.begins();
    expect(await first.progress()).toMatchObject({ state: 'dropped', handedOver: 0 });
    expect(await assigneeOf(filed)).toBe(away);
    await second.begins();
    expect(await assigneeOf(filed)).toBe(other);
    await withdraw([filed]);
  });

  it('hands over nothing: ended, or over because nobody could begin it', async () => {
    const [away, to] = [await hire(office.store), await hire(office.store)];
    const filed = await fileFor(away);
    const { begins, progress } = await enter(office, away, [1, 1], to);
    await endAbsence(office.store, away, await office.now());
    await begins();
    expect((await progress()).state).toBe('dropped');
    const over = await enter(office, away, [-3, -1], to);
    await office.env.sleep('5 s');
    expect((await over.progress()).state).toBe('dropped');
    expect(await assigneeOf(filed)).toBe(away);
    await update(filed, 'approve', { ...reviewer, by: away });
  });
});
