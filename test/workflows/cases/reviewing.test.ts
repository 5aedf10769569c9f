import { describe, expect, it } from '@jest/globals';
import type { WorkflowUpdateFailedError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { addWorkingDays } from '../../../domain/calendar/working-days.ts';
import type { MessageName } from '../../../domain/cases/messages.ts';
import { addDays, shanghaiInstant } from '../../../domain/dates.ts';
import {
  applicant,
  entriesOf,
  type Filed,
  handIn,
  kindsOf,
  reviewer,
  rowOf,
  signal,
  textsTo,
  update,
} from '../../harness/office/case.ts';
import { useOffice } from '../../harness/office/use-office.ts';
import { policy as shippedPolicy } from '../../harness/policy.ts';
import { calendarOf } from '../../harness/rules/calendars.ts';

const office = useOffice();

const other = { by: 'reviewer-2' };
const phone = '+8613800138001';

/** What an Update was refused for. */
async function objectionTo(filed: Filed, name: MessageName, payload: object): Promise<string | undefined> {
  const error: WorkflowUpdateFailedError = await update(filed, name, payload).then(
    () => undefined,
    (reason) => reason,
  );
  const [details] = (error.cause as ApplicationFailure).details as [{ objection?: string }];
  return details.objection;
}

describe('who decides', () => {
  it('on a case that nobody has takes charge of it; it goes to another by a handover only', async () => {
    const filed = await office.file();
    await update(filed, 'requestMaterials', { ...reviewer, items: [{ kind: 'photo', problem: '缺' }] });
    await update(filed, 'resubmit', handIn);
    expect((await filed.progress()).assignee).toBe('reviewer-1');
    expect(await objectionTo(filed, 'approve', other)).toBe('notAssigned');
    expect(await objectionTo(filed, 'assign', { ...other, to: 'reviewer-2' })).toBe('notYours');
    await signal(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-2', authority: 'supervisor' });
    await update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-2', authority: 'supervisor' });
    expect(await update(filed, 'approve', other)).toMatchObject({ status: 'approved', assignee: 'reviewer-2' });
    await filed.handle.result();
    const ignored = (await entriesOf(office, filed)).find(({ kind }) => kind === 'messageIgnored');
    expect(ignored?.detail).toEqual({ message: 'assign', objection: 'notYours' });
  });
});

describe('一次性告知', () => {
  const materialsRequest = { items: [{ kind: 'photo', problem: '缺' }] };

  it('reminds the reviewer while nothing was asked for, and holds a late request against the office', async () => {
    const filed = await office.file({ review: { oneTimeNotice: true } });
    await update(filed, 'assign', { ...reviewer, to: 'reviewer-1' });
    const { acceptedOn } = await filed.progress();
    await office.env.sleep('11 days'); // at least six working days
    await update(filed, 'requestMaterials', { ...reviewer, ...materialsRequest });
    const entries = await entriesOf(office, filed);
    const reminded = entries.find(({ kind }) => kind === 'noticeReminded');
    const { clocks } = shippedPolicy;
    const third = addWorkingDays(calendarOf([]), acceptedOn, clocks.oneTimeNotice.remindAfter);
    expect(reminded?.at.slice(0, 16)).toBe(shanghaiInstant(third, clocks.remindsAt).slice(0, 16));
    expect(entries.at(-1)?.detail).toMatchObject({ late: true });
    const mails = await textsTo(office, filed, 'reviewer-1');
    expect(mails.filter((text) => text.includes('一次性告知'))).toHaveLength(1);
  });

  it('is silent where the request came in time; what it left out is for a supervisor, and not by a signal', async () => {
    const filed = await office.file({ review: { oneTimeNotice: true } });
    await update(filed, 'requestMaterials', { ...reviewer, ...materialsRequest });
    await update(filed, 'resubmit', { ...applicant, materials: [{ kind: 'photo', fileIds: ['f1'] }] });
    const belated = { items: [{ kind: 'medicalRecord', problem: '看不清' }], belatedReason: '漏看' };
    expect(await objectionTo(filed, 'requestMaterials', { ...reviewer, ...belated })).toBe('belatedRequest');
    const bySupervisor = { ...belated, by: 'supervisor-1', authority: 'supervisor' };
    await signal(filed, 'requestMaterials', bySupervisor);
    expect(await update(filed, 'requestMaterials', bySupervisor)).toMatchObject({ status: 'awaitingMaterials' });
    const entries = await entriesOf(office, filed);
    const kinds = entries.map(({ kind }) => kind);
    expect(kinds).not.toContain('noticeReminded');
    expect(kinds.filter((kind) => kind === 'messageIgnored')).toHaveLength(1);
    expect(entries.filter(({ detail }) => detail.late)).toEqual([]);
  });
});

describe('a disease that needs two reviewers', () => {
  it('is approved by the second, who is not the first, and not by a signal', async () => {
    const filed = await office.file({ review: { fourEyes: true } });
    await signal(filed, 'approve', reviewer);
    expect(await update(filed, 'approve', reviewer)).toMatchObject({
      status: 'underReview',
      assignee: null,
      awaiting: { what: 'secondApproval' },
    });
    expect(await textsTo(office, filed, phone)).toHaveLength(1);
    expect(await objectionTo(filed, 'approve', reviewer)).toBe('sameEyes');
    expect(await objectionTo(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-1', authority: 'supervisor' })).toBe(
      'sameEyes',
    );
    await signal(filed, 'approve', other);
    expect(await update(filed, 'approve', other)).toMatchObject({ status: 'approved' });
    await filed.handle.result();
    const kinds = await kindsOf(office, filed);
    expect(kinds.filter((kind) => kind === 'messageIgnored')).toHaveLength(2);
    expect(kinds.filter((kind) => kind !== 'messageIgnored')).toEqual([
      'submitted',
      'accepted',
      'firstApproved',
      'approved',
      'registered',
    ]);
  });
});

describe('a verification at the window', () => {
  it('tells where, when and what to bring, stops the clock, and has to have passed where the disease asks for it', async () => {
    const filed = await office.file({ review: { mustVerify: true } });
    const before = (await update(filed, 'assign', { ...reviewer, to: 'reviewer-1' })).dueOn;
    expect(await objectionTo(filed, 'approve', reviewer)).toBe('notVerified');
    const progress = await update(filed, 'requestVerification', reviewer);
    expect(progress).toMatchObject({ status: 'awaitingVerification', dueOn: null, awaiting: { what: 'verification' } });
    await office.env.sleep('6 days');
    expect(await update(filed, 'recordVerification', { by: 'clerk-1', passed: false, note: '少一页' })).toMatchObject({
      status: 'underReview',
    });
    expect(await objectionTo(filed, 'approve', reviewer)).toBe('notVerified');
    await update(filed, 'requestVerification', reviewer);
    const verified = await update(filed, 'recordVerification', { by: 'clerk-1', passed: true });
    expect((verified.dueOn as string) > (before as string)).toBe(true);
    await update(filed, 'approve', reviewer);
    await filed.handle.result();
    const texts = await textsTo(office, filed, phone);
    expect(
      texts.filter(
        (text) =>
          text.includes('需到窗口核验原件') &&
          text.includes('市政务中心医保窗口') &&
          text.includes('09:00–12:00、13:30–17:00') &&
          text.includes('原件'),
      ),
    ).toHaveLength(2);
  });

  it('that nobody comes for goes back to the reviewer when the window closes on the last day', async () => {
    const filed = await office.file();
    const { awaiting } = await update(filed, 'requestVerification', reviewer);
    const lastDay = awaiting?.until as string;
    await office.until(shanghaiInstant(lastDay, '17:35'));
    expect(await filed.progress()).toMatchObject({ status: 'underReview', dueOn: expect.any(String) });
    expect((await kindsOf(office, filed)).slice(2)).toEqual([
      'verificationRequested',
      'verificationReminded',
      'verificationReminded',
      'verificationMissed',
    ]);
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
  });
});

describe('an appeal', () => {
  it('is reviewed by somebody who took no part before, with a clock of its own, once', async () => {
    const filed = await office.file();
    const rejected = await update(filed, 'reject', { ...reviewer, reason: '病历不能证明诊断' });
    expect(rejected.awaiting).toMatchObject({
      what: 'resubmission',
      until: expect.any(String),
      appealUntil: expect.any(String),
    });
    await office.env.sleep('3 days');
    const appealed = await update(filed, 'appeal', { ...applicant, reason: '诊断书可以证明' });
    expect(appealed).toMatchObject({ status: 'underReview', round: 2, assignee: null });
    expect(appealed.acceptedOn).toBe(addDays(filed.acceptedOn, 3));
    expect(await objectionTo(filed, 'approve', reviewer)).toBe('tookPart');
    expect(await objectionTo(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-1', authority: 'supervisor' })).toBe(
      'tookPart',
    );
    await signal(filed, 'approve', other);
    await update(filed, 'reject', { ...other, reason: '仍不能证明' });
    expect(await objectionTo(filed, 'appeal', { ...applicant, reason: '再申诉' })).toBe('appealedAlready');
    await filed.handle.result();
    expect(await rowOf(office, filed)).toMatchObject({ status: 'rejected', closed: true, round: 2 });
    const entries = await entriesOf(office, filed);
    expect(entries.find(({ kind }) => kind === 'appealed')?.detail.reason).toBe('诊断书可以证明');
    expect(entries.find(({ kind }) => kind === 'messageIgnored')?.detail.objection).toBe('claimedOnly');
  });

  it('comes too late when its time is over, though the case can still be resubmitted', async () => {
    const filed = await office.file();
    const { awaiting } = await update(filed, 'reject', { ...reviewer, reason: '不符合条件' });
    await office.until(shanghaiInstant(addDays(awaiting?.appealUntil as string, 1), '00:05'));
    expect(await objectionTo(filed, 'appeal', { ...applicant, reason: '晚了' })).toBe('tooLate');
    expect(await update(filed, 'resubmit', handIn)).toMatchObject({ status: 'underReview', round: 2 });
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
  });
});
