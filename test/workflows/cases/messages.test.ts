import { describe, expect, it } from '@jest/globals';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import {
  applicant,
  askFor,
  entriesOf,
  handIn,
  kindsOf,
  reviewer,
  rowOf,
  signal,
  textsTo,
  update,
} from '../../harness/office/case.ts';
import { useOffice } from '../../harness/office/use-office.ts';
import { planSmsFault } from '../../harness/providers/sms-faults.ts';

const office = useOffice();

/** The failure that an Update was refused with. */
async function refusal(sent: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await sent.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  expect((error as WorkflowUpdateFailedError).cause).toBeInstanceOf(ApplicationFailure);
  return (error as WorkflowUpdateFailedError).cause as ApplicationFailure;
}

describe('a message as a signal', () => {
  it('does what the update of the same name does, and the timeline shows that it came by signal', async () => {
    const filed = await office.file();
    await signal(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-1' });
    await signal(filed, 'requestMaterials', askFor('medicalRecord'));
    await signal(filed, 'resubmit', handIn);
    await signal(filed, 'reject', { ...reviewer, reason: '不符合条件' });
    await signal(filed, 'resubmit', handIn);
    await signal(filed, 'approve', reviewer);
    await filed.handle.result();
    const entries = await entriesOf(office, filed);
    expect(entries.map(({ kind, via }) => `${kind} ${via}`)).toEqual([
      'submitted api',
      'accepted system',
      'assigned signal',
      'materialsRequested signal',
      'resubmitted signal',
      'rejected signal',
      'resubmitted signal',
      'approved signal',
      'registered system',
    ]);
    expect(await rowOf(office, filed)).toMatchObject({ status: 'approved', round: 2, assignee: 'reviewer-1' });
  });

  it.each([
    ['that does not fit the status', 'resubmit', handIn, { message: 'resubmit' }],
    ['without a reason', 'reject', { by: 'reviewer-1' }, { message: 'reject', fields: ['reason'] }],
    ['that is no object', 'approve', 'approve it', { message: 'approve', fields: ['by'] }],
    [
      'with an unknown material',
      'requestMaterials',
      { ...reviewer, items: [{ kind: 'x', problem: 'y' }] },
      { message: 'requestMaterials', fields: ['items'] },
    ],
    ['whose sender is no id', 'approve', { by: 'a\u0000b' }, { message: 'approve', fields: ['by'] }],
    [
      'with a field that nobody knows',
      'assign',
      { ...reviewer, to: 'reviewer-1', materials: 'x\u0000' },
      { message: 'assign', fields: ['(unknown field)'] },
    ],
    [
      'with a date that no calendar has',
      'resubmit',
      { ...applicant, materials: [{ kind: 'photo', fileIds: ['f'], issuedOn: '0000-01-01' }] },
      { message: 'resubmit', fields: ['materials'] },
    ],
  ] as const)('%s is noted in the timeline and changes nothing', async (_, name, payload, detail) => {
    const filed = await office.file();
    const before = await update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-1' });
    await signal(filed, name, payload);
    await update(filed, 'assign', { by: 'reviewer-1', to: 'reviewer-1' });
    const after = await filed.progress();
    expect({ ...after, timeline: [], sequence: 2 }).toEqual({ ...before, timeline: [] });
    expect((await entriesOf(office, filed)).find(({ kind }) => kind === 'messageIgnored')?.detail).toEqual(detail);
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
  });
});

describe('a message as an update', () => {
  it('that does not fit is refused as a Conflict that names the status', async () => {
    const filed = await office.file();
    const failure = await refusal(update(filed, 'resubmit', handIn));
    expect(failure).toMatchObject({ type: 'Conflict', details: [{ message: 'resubmit', status: 'underReview' }] });
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
  });

  it('that is malformed is refused with the fields, and the workflow goes on', async () => {
    const filed = await office.file();
    const failure = await refusal(update(filed, 'reject', { by: 'reviewer-1', reason: '  ' }));
    expect(failure).toMatchObject({ type: 'MalformedMessage', details: [{ message: 'reject', fields: ['reason'] }] });
    expect(await update(filed, 'approve', reviewer)).toMatchObject({ status: 'approved' });
    await filed.handle.result();
  });

  it('is applied once, however often it is sent under the same id', async () => {
    const filed = await office.file();
    const assigned = { by: 'supervisor-1', to: 'reviewer-1' };
    await Promise.all(Array.from({ length: 5 }, () => update(filed, 'assign', assigned, 'same')));
    expect((await kindsOf(office, filed)).filter((kind) => kind === 'assigned')).toHaveLength(1);
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
  });
});

describe('a cancellation from Temporal Web', () => {
  it('ends neither the case nor the answers to messages', async () => {
    const filed = await office.file();
    await filed.handle.cancel();
    expect(await update(filed, 'requestMaterials', askFor('photo'))).toMatchObject({ status: 'awaitingMaterials' });
    expect(await update(filed, 'withdraw', applicant)).toMatchObject({ status: 'withdrawn' });
    await filed.handle.result();
  });
});

describe('two reviewers at once', () => {
  it('of 20 simultaneous decisions exactly one wins, the others get a conflict or find the case closed', async () => {
    const filed = await office.file();
    const decisions = Array.from({ length: 20 }, (_, i) => {
      const by = `reviewer-${i % 2}`;
      return i % 2 ? update(filed, 'approve', { by }) : update(filed, 'reject', { by, reason: '不符合条件' });
    });
    const outcomes = await Promise.allSettled(decisions);
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(lost).toHaveLength(19);
    for (const error of lost) {
      const conflict =
        error instanceof WorkflowUpdateFailedError && (error.cause as ApplicationFailure).type === 'Conflict';
      expect(conflict || error instanceof WorkflowNotFoundError).toBe(true);
    }
    expect((await kindsOf(office, filed)).filter((kind) => kind === 'approved' || kind === 'rejected')).toHaveLength(1);
    await filed.handle.result();
  });
});

describe('a long case', () => {
  it('continues as new with everything it knows, and stays the same case', async () => {
    const filed = await office.file();
    const assign = () => update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-1' }, 'first');
    await assign();
    for (let batch = 0; batch < 6; batch += 1) {
      await Promise.all(Array.from({ length: 90 }, () => signal(filed, 'resubmit', 'malformed')));
      await update(filed, 'calendarChanged', { version: batch });
    }
    const runs = await office.client.workflow.getHandle(filed.acceptanceNumber).describe();
    expect(runs.runId).not.toBe(filed.runId);
    expect(await filed.progress()).toMatchObject({ status: 'underReview', assignee: 'reviewer-1' });
    // Temporal has forgotten its id with the run before.
    await assign();
    expect((await kindsOf(office, filed)).filter((kind) => kind === 'assigned')).toHaveLength(1);
    await update(filed, 'approve', reviewer);
    const entries = await entriesOf(office, filed);
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index));
    expect(entries.slice(-2).map(({ kind }) => kind)).toEqual(['approved', 'registered']);
  });
});

describe('messages that are refused over and over', () => {
  it('cost the history nothing, and the case stays decidable', async () => {
    const filed = await office.file();
    await update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-1' });
    const length = async () => (await filed.handle.describe()).historyLength;
    const before = await length();
    for (let batch = 0; batch < 4; batch += 1) {
      const refused = Array.from({ length: 25 }, () => update(filed, 'resubmit', handIn).catch((error) => error));
      expect((await Promise.all(refused)).every((error) => error instanceof WorkflowUpdateFailedError)).toBe(true);
    }
    // Some events, of tasks that were scheduled meanwhile, but none per message.
    expect((await length()) - before).toBeLessThan(50);
    expect(await update(filed, 'approve', reviewer)).toMatchObject({ status: 'approved' });
    await filed.handle.result();
  });
});

describe('a request that crosses another message', () => {
  it('leaves what was handed in, and a second one at the same time, as they are', async () => {
    const filed = await office.file();
    const first = { ...askFor('photo'), replaces: 0 };
    expect(await update(filed, 'requestMaterials', first)).toMatchObject({ status: 'awaitingMaterials' });
    const second = await refusal(update(filed, 'requestMaterials', first));
    expect(second).toMatchObject({ type: 'Conflict', details: [{ status: 'awaitingMaterials' }] });
    const { awaiting } = await filed.progress();
    const replaced = await update(filed, 'requestMaterials', { ...askFor('medicalRecord'), replaces: 1 });
    expect(replaced.awaiting).toEqual({ ...awaiting, kinds: ['medicalRecord'] });
    const photo = { kind: 'photo', fileIds: ['f1'] };
    const crossing = await refusal(update(filed, 'resubmit', { ...applicant, materials: [photo], answers: 1 }));
    expect(crossing).toMatchObject({ details: [{ objection: 'requestReplaced' }] });
    expect(await update(filed, 'resubmit', { ...handIn, answers: 1 })).toMatchObject({ status: 'underReview' });
    const late = await refusal(update(filed, 'requestMaterials', { ...askFor('photo'), replaces: 2 }));
    expect(late).toMatchObject({ details: [{ status: 'underReview' }] });
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
    expect((await kindsOf(office, filed)).slice(2)).toEqual([
      'materialsRequested',
      'requestReplaced',
      'resubmitted',
      'withdrawn',
    ]);
    const [, , detail] = (await entriesOf(office, filed)).map((entry) => entry.detail);
    expect(detail).toEqual({ items: askFor('photo').items });
    const texts = await textsTo(office, filed, '+8613800138001');
    expect(texts.map((text) => /需要补充:|现为:检查报告或病历/.exec(text)?.[0]).filter(Boolean)).toEqual([
      '需要补充:',
      '现为:检查报告或病历',
    ]);
  });
});

describe('a provider that is down', () => {
  it('holds up neither decisions nor dates; its notifications leave when it is back, in order', async () => {
    await planSmsFault(office.standIns, 'twilio', { status: 500, times: 3 });
    const filed = await office.file();
    await update(filed, 'requestMaterials', askFor('medicalRecord'));
    await update(filed, 'resubmit', handIn);
    expect(await update(filed, 'approve', reviewer)).toMatchObject({ status: 'approved' });
    await filed.handle.result();
    const texts = await textsTo(office, filed, '+8613800138001');
    expect(texts.map((text) => /已受理|需要补充|已通过/.exec(text)?.[0])).toEqual(['已受理', '需要补充', '已通过']);
  });

  it('for one channel does not hold up the other, and a recipient whom nobody knows holds up no one', async () => {
    const filed = await office.file();
    await signal(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-9' });
    await update(filed, 'requestMaterials', { ...askFor('medicalRecord'), by: 'reviewer-9' });
    await update(filed, 'resubmit', handIn);
    await update(filed, 'approve', { by: 'reviewer-9' });
    await filed.handle.result();
    expect((await textsTo(office, filed, '+8613800138001')).at(-1)).toContain('已通过认定');
    expect(await textsTo(office, filed, 'supervisor-1@')).toHaveLength(1);
  });

  it('a number that the provider refuses is not tried again', async () => {
    const broken = { name: '王芳', idNumber: '510411196508201013', phone: '0' };
    const signature = { name: broken.name, signedAt: new Date().toISOString() };
    const filed = await office.file({ personal: { applicant: broken, signature } });
    await update(filed, 'approve', reviewer);
    await filed.handle.result();
    const { events } = await filed.handle.fetchHistory();
    const started = events?.flatMap(({ activityTaskStartedEventAttributes: attributes }) => attributes?.attempt ?? []);
    expect(new Set(started)).toEqual(new Set([1]));
    expect(await textsTo(office, filed, '+860')).toEqual([]);
  });
});

describe('a case whose application was never filed', () => {
  it('fails at once, naming the reason', async () => {
    const filed = await office.file();
    const unknown = `${filed.acceptanceNumber.slice(0, -1)}0`;
    const start = {
      acceptanceNumber: unknown,
      type: 'new' as const,
      channel: 'scApp' as const,
      state: (await rowOf(office, filed))?.state,
    };
    const handle = await office.client.workflow.start('application', {
      workflowId: unknown,
      taskQueue: 'applications',
      args: [start],
    });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'UnknownApplication' } });
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
  });
});
