import { describe, expect, it } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { deadline } from '../../../domain/calendar/deadline.ts';
import { addDays, shanghaiDate, shanghaiInstant } from '../../../domain/dates.ts';
import { readCalendar } from '../../../store/calendar/queries.ts';
import { readCase } from '../../../store/cases/queries.ts';
import {
  askFor,
  type Filed,
  handIn,
  kindsOf,
  reviewer,
  rowOf,
  textsTo as textsAbout,
  update,
} from '../../harness/office/case.ts';
import { publishTestCalendar } from '../../harness/office/open.ts';
import { useOffice } from '../../harness/office/use-office.ts';

const office = useOffice();

const today = async () => shanghaiDate(new Date(await office.env.currentTimeMs()).toISOString());
const kinds = (filed: Filed) => kindsOf(office, filed);
const row = (filed: Filed) => rowOf(office, filed);
const textsTo = (filed: Filed, to: string) => textsAbout(office, filed, to);
const applicantPhone = '+8613800138001';

/** The date on which `count` working days have passed, by the test's calendar. */
async function due(acceptedOn: string, pauses: { from: string; to: string | null }[] = []) {
  return deadline({ acceptedOn, workingDays: 15, pauses }, await readCalendar(office.store)).dueOn as string;
}

describe('the straight way', () => {
  it('is accepted on the day of submission, with 15 working days, and approved', async () => {
    const filed = await office.file();
    const progress = await update(filed, 'approve', { ...reviewer, note: '材料齐全' });
    await filed.handle.result();
    expect(progress).toMatchObject({
      status: 'approved',
      acceptedOn: filed.acceptedOn,
      dueOn: await due(filed.acceptedOn),
    });
    expect(await kinds(filed)).toEqual(['submitted', 'accepted', 'approved', 'registered']);
    expect(await row(filed)).toMatchObject({ status: 'approved', closed: true, sequence: 3 });
    const texts = await textsTo(filed, applicantPhone);
    expect(texts).toHaveLength(2);
    expect(texts[1]).toContain('已通过认定');
  });

  // How many tasks it takes depends on what happens to arrive together, so there is room for a few more.
  it('costs about 50 events, the two questions to the insurance core and the accreditation included', async () => {
    const filed = await office.file();
    await update(filed, 'approve', reviewer);
    await filed.handle.result();
    expect((await filed.handle.fetchHistory()).events?.length).toBeLessThanOrEqual(60);
  });
});

describe('materials', () => {
  it('are requested twice: the clock stands still each time, and goes on with what was left', async () => {
    const filed = await office.file();
    const pauses: { from: string; to: string }[] = [];
    for (const days of [4, 6]) {
      const from = await today();
      const progress = await update(filed, 'requestMaterials', askFor('medicalRecord', 'photo'));
      expect(progress).toMatchObject({ status: 'awaitingMaterials', dueOn: null });
      expect(progress.awaiting).toMatchObject({ what: 'materials', kinds: ['medicalRecord', 'photo'] });
      await office.env.sleep(`${days} days`);
      const resumed = await update(filed, 'resubmit', handIn);
      pauses.push({ from, to: await today() });
      expect(resumed).toMatchObject({ status: 'underReview', round: 1, dueOn: await due(filed.acceptedOn, pauses) });
    }
    await update(filed, 'approve', reviewer);
    await filed.handle.result();
    const [, first] = await textsTo(filed, applicantPhone);
    expect(first).toContain('需要补充:检查报告或病历、近期免冠照片');
  });

  it('that never come: reminders while the window runs, then the case lapses', async () => {
    const filed = await office.file();
    await update(filed, 'requestMaterials', askFor('photo'));
    await filed.handle.result();
    expect(await kinds(filed)).toEqual([
      'submitted',
      'accepted',
      'materialsRequested',
      'supplementReminded',
      'supplementReminded',
      'supplementReminded',
      'lapsed',
    ]);
    const texts = await textsTo(filed, applicantPhone);
    expect(texts.slice(2, 5).map((text) => /只剩(\d)天/.exec(text)?.[1])).toEqual(['7', '3', '1']);
    expect(texts.at(-1)).toContain('备齐材料后可重新申请');
    expect(await row(filed)).toMatchObject({ status: 'lapsed', escalationLevel: 0 });
  });
});

describe('a rejection', () => {
  it('reaches the applicant with its reason; a resubmission opens a new round with a new clock', async () => {
    const filed = await office.file();
    const rejected = await update(filed, 'reject', { ...reviewer, reason: '病历不能证明诊断' });
    expect(rejected).toMatchObject({ status: 'rejected', awaiting: { what: 'resubmission' } });
    await office.env.sleep('10 days');
    const again = await update(filed, 'resubmit', handIn);
    expect(again).toMatchObject({
      status: 'underReview',
      round: 2,
      acceptedOn: await today(),
      dueOn: await due(await today()),
    });
    expect(again.timeline.map(({ kind }) => kind)).toEqual(['resubmitted']);
    const approved = await update(filed, 'approve', reviewer);
    expect(approved).toMatchObject({ status: 'approved', round: 2 });
    await filed.handle.result();
    const { entries } = await readCase(office.store, filed.acceptanceNumber);
    expect(entries.find(({ kind }) => kind === 'rejected')?.detail.reason).toBe('病历不能证明诊断');
  });

  it('stands when nobody resubmits: the workflow ends, the status stays', async () => {
    const filed = await office.file();
    await update(filed, 'reject', { ...reviewer, reason: '不符合条件' });
    await filed.handle.result();
    expect(await row(filed)).toMatchObject({ status: 'rejected', closed: true });
    expect((await kinds(filed)).slice(-2)).toEqual(['resubmissionReminded', 'closed']);
  });
});

describe('the clock that runs out', () => {
  it('reminds the reviewer, goes up the whole ladder, each rung once, and the case stays decidable', async () => {
    const filed = await office.file();
    await update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-2' });
    const dueOn = await due(filed.acceptedOn);
    await office.until(shanghaiInstant(addDays(dueOn, 10), '12:00'));
    const progress = await filed.progress();
    expect(progress).toMatchObject({ status: 'underReview', escalationLevel: 3, dueOn });
    const { entries } = await readCase(office.store, filed.acceptanceNumber);
    expect(entries.map(({ kind, detail }) => [kind, detail.left ?? detail.level]).slice(3)).toEqual([
      ['reviewerReminded', 5],
      ['reviewerReminded', 3],
      ['reviewerReminded', 1],
      ['escalated', 1],
      ['escalated', 2],
      ['escalated', 3],
    ]);
    expect(entries.find(({ kind }) => kind === 'escalated')?.at.slice(0, 16)).toBe(
      shanghaiInstant(dueOn, '17:00').slice(0, 16),
    );
    expect(await textsTo(filed, 'reviewer-2@')).toHaveLength(3);
    expect(await textsTo(filed, 'supervisor-1@')).toHaveLength(1);
    expect(await textsTo(filed, 'director-1@')).toHaveLength(2);
    expect(await textsTo(filed, '+8613900000031')).toHaveLength(2);
    // After an escalation the case is still its reviewer's.
    await expect(update(filed, 'approve', reviewer)).rejects.toThrow(WorkflowUpdateFailedError);
    expect(await update(filed, 'approve', { by: 'reviewer-2' })).toMatchObject({
      status: 'approved',
      escalationLevel: 3,
    });
    await filed.handle.result();
  });
});

describe('a withdrawal', () => {
  it.each([['under review'], ['while materials are awaited']])('is possible %s', async (when) => {
    const filed = await office.file();
    if (when.startsWith('while')) await update(filed, 'requestMaterials', askFor('photo'));
    expect(await update(filed, 'withdraw', { by: 'applicant-1' })).toMatchObject({
      status: 'withdrawn',
      awaiting: null,
    });
    await filed.handle.result();
  });

  it('is not possible after a rejection', async () => {
    const filed = await office.file();
    await update(filed, 'reject', { ...reviewer, reason: '不符合条件' });
    await expect(update(filed, 'withdraw', { by: 'applicant-1' })).rejects.toThrow(WorkflowUpdateFailedError);
    await filed.handle.result();
  });
});

describe('a holiday', () => {
  it('inside the window moves the due date, and is found out when the calendar changes under a running case', async () => {
    const filed = await office.file();
    const before = await due(filed.acceptedOn);
    await filed.handle.query('progress');
    const holiday = before;
    const now = new Date(await office.env.currentTimeMs()).toISOString();
    await publishTestCalendar(office.store, now, { [holiday]: '测试节' });
    const after = await due(filed.acceptedOn);
    expect(after > before).toBe(true);
    // Nobody tells the case; its timer asks again before it acts, so it is not escalated at the old date.
    await office.until(shanghaiInstant(before, '18:00'));
    expect(await filed.progress()).toMatchObject({ escalationLevel: 0, dueOn: after });
    await office.until(shanghaiInstant(after, '18:00'));
    expect(await filed.progress()).toMatchObject({ escalationLevel: 1, dueOn: after });
    await update(filed, 'approve', reviewer);
    await filed.handle.result();
    await publishTestCalendar(office.store, now);
  });

  it('that is announced by calendarChanged shows in the progress at once', async () => {
    const filed = await office.file();
    const before = await due(filed.acceptedOn);
    const now = new Date(await office.env.currentTimeMs()).toISOString();
    await publishTestCalendar(office.store, now, { [before]: '测试节' });
    const progress = await update(filed, 'calendarChanged', { version: 9 });
    expect(progress.dueOn).toBe(await due(filed.acceptedOn));
    await update(filed, 'withdraw', { by: 'applicant-1' });
    await filed.handle.result();
    await publishTestCalendar(office.store, now);
  });
});
