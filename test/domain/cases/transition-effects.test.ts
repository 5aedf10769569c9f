import { describe, expect, it } from '@jest/globals';
import { against } from '../../../domain/cases/happenings.ts';
import type { Message } from '../../../domain/cases/messages.ts';
import { nothingAhead } from '../../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../../domain/cases/state.ts';
import { type CaseEvent, transition } from '../../../domain/cases/transitions.ts';
import * as cases from '../../harness/rules/cases.ts';

const { caseAfter, awaitingMaterials, rejected, underReview } = cases;
/** Who decides on a case that nobody has takes charge of it. */
const decidedBy = (id: string) => ({ assignee: id, reviewers: [id] });

describe('a submitted case', () => {
  it('is in round 1, in time, with nothing owed', () => {
    expect(cases.submitted()).toEqual({
      status: 'submitted',
      submittedAt: '2026-11-23T02:00:00.000Z',
      round: 1,
      ledger: { acceptedOn: '2026-11-23', workingDays: 15, pauses: [] },
      escalationLevel: 0,
      filedBy: ['a1'],
      assignee: null,
      reviewers: [],
      fourEyes: false,
      firstApproval: null,
      mustVerify: false,
      verified: null,
      verifierApart: false,
      verifiedBy: null,
      appealed: false,
      barred: [],
      supplements: 0,
      requests: 0,
      windowOpenedOn: null,
      requestedKinds: [],
      fired: [],
      closed: false,
    });
  });

  it('changes nothing but its status when it is accepted', () => {
    expect(underReview()).toEqual({ ...cases.submitted(), status: 'underReview' });
  });
});

describe('requestMaterials', () => {
  it('opens a window, names each kind once and stops the clock', () => {
    expect(awaitingMaterials('2026-11-25')).toEqual({
      ...underReview(),
      ...decidedBy('r1'),
      status: 'awaitingMaterials',
      supplements: 1,
      requests: 1,
      windowOpenedOn: '2026-11-25',
      requestedKinds: ['photo', 'medicalRecord'],
      ledger: { acceptedOn: '2026-11-23', workingDays: 15, pauses: [{ from: '2026-11-25', to: null }] },
    });
  });

  it('the second time adds a pause and counts on', () => {
    const twice = caseAfter(
      awaitingMaterials('2026-11-25'),
      [cases.resubmit, '2026-11-27'],
      [cases.requestMaterials, '2026-12-01'],
    );
    expect(twice).toMatchObject({ supplements: 2, requests: 2, windowOpenedOn: '2026-12-01' });
    expect(twice.ledger.pauses).toEqual([
      { from: '2026-11-25', to: '2026-11-27' },
      { from: '2026-12-01', to: null },
    ]);
  });
});

describe('requestMaterials while it is awaited', () => {
  const awaiting = awaitingMaterials('2026-11-25');
  const instead = { by: 'r1', items: [{ kind: 'idCard', problem: '缺反面' }] } as const;
  const ask = (replaces?: number): CaseEvent => {
    return { name: 'requestMaterials', payload: { ...instead, items: [...instead.items], replaces } };
  };

  it.each<[string, number | undefined]>([
    ['by who has seen it', 1],
    ['by a signal, which names none', undefined],
  ])('replaces what is asked for, %s; window, clock and reminders stay', (_, replaces) => {
    const fired = { ...awaiting, fired: ['remindSupplement:7:1'] };
    expect(caseAfter(fired, [ask(replaces), '2026-11-27'])).toEqual({
      ...fired,
      requests: 2,
      requestedKinds: ['idCard'],
    });
  });

  it.each<[string, ApplicationState, number]>([
    ['it is a second one, at the same time as the first', awaiting, 0],
    ['another one has replaced it', caseAfter(awaiting, [ask(1), '2026-11-27']), 1],
    ['the applicant has just handed it in', caseAfter(awaiting, [cases.resubmit, '2026-11-27']), 1],
  ])('does not fit where %s', (_, state, replaces) => {
    expect(transition(state, ask(replaces), '2026-11-27')).toBeNull();
  });

  it('is no second telling on the day of the first request, and is one later, and in a second request', () => {
    const told = caseAfter({ ...underReview(), notified: null }, [cases.requestMaterials, '2026-11-25']);
    const second = caseAfter(told, [cases.resubmit, '2026-11-25'], [cases.requestMaterials, '2026-11-25']);
    const objectionOn = (state: ApplicationState, today: string) => {
      return against(state, nothingAhead, ask() as Message, { claimed: false, today });
    };
    expect(objectionOn(told, '2026-11-25')).toBeNull();
    expect(objectionOn(told, '2026-11-26')).toEqual({ objection: 'belatedRequest' });
    expect(objectionOn(second, '2026-11-25')).toEqual({ objection: 'belatedRequest' });
  });
});

describe('resubmit', () => {
  it('of requested materials lets the clock run on, in the same round', () => {
    const awaiting = { ...awaitingMaterials('2026-11-25'), escalationLevel: 1, fired: ['escalate:1'] };
    expect(caseAfter(awaiting, [cases.resubmit, '2026-11-27'])).toEqual({
      ...awaiting,
      status: 'underReview',
      windowOpenedOn: null,
      requestedKinds: [],
      ledger: { ...awaiting.ledger, pauses: [{ from: '2026-11-25', to: '2026-11-27' }] },
    });
  });

  it('after a rejection begins a new round, with a new clock and everything to fire again', () => {
    const paused = caseAfter(awaitingMaterials('2026-11-25'), [cases.resubmit, '2026-11-27']);
    const late = { ...paused, assignee: 'r1', escalationLevel: 2, fired: ['remindReviewer:5', 'escalate:1'] };
    const state = caseAfter(late, [cases.reject, '2026-12-18'], [cases.resubmit, '2026-12-22']);
    expect(state).toEqual({
      ...cases.submitted(),
      status: 'underReview',
      round: 2,
      ledger: { acceptedOn: '2026-12-22', workingDays: 15, pauses: [] },
      ...decidedBy('r1'),
      supplements: 1,
      requests: 1,
    });
  });
});

describe('reject and close', () => {
  it('a rejection opens the window for a resubmission and leaves the case open', () => {
    expect(rejected('2026-11-25')).toEqual({
      ...underReview(),
      ...decidedBy('r1'),
      status: 'rejected',
      windowOpenedOn: '2026-11-25',
    });
  });

  it('close ends the case with the status unchanged', () => {
    expect(caseAfter(rejected('2026-11-25'), [{ name: 'close' }])).toEqual({
      ...underReview(),
      ...decidedBy('r1'),
      status: 'rejected',
      closed: true,
    });
  });
});

describe('a verification at the window', () => {
  const awaiting = cases.awaitingVerification('2026-11-25');

  it('stops the clock and opens a window', () => {
    expect(awaiting).toMatchObject({
      status: 'awaitingVerification',
      windowOpenedOn: '2026-11-25',
      ...decidedBy('r1'),
    });
    expect(awaiting.ledger.pauses).toEqual([{ from: '2026-11-25', to: null, for: 'verification' }]);
  });

  it.each([true, false])('passed: %s is written down, and the clock runs on', (passed) => {
    const verified = caseAfter(awaiting, [cases.recordVerification(passed), '2026-11-30']);
    expect(verified).toMatchObject({ status: 'underReview', verified: passed, windowOpenedOn: null });
    expect(verified.ledger.pauses).toEqual([{ from: '2026-11-25', to: '2026-11-30', for: 'verification' }]);
  });

  it('that nobody came for leaves it open whether the originals are in order', () => {
    const missed = caseAfter(awaiting, [{ name: 'missVerification' }, '2026-12-07']);
    expect(missed).toMatchObject({ status: 'underReview', verified: null, windowOpenedOn: null });
  });
});

describe('an appeal', () => {
  it('begins a round with a clock of its own, without those who took part, and there is one', () => {
    const appealed = caseAfter(rejected('2026-11-25'), [cases.appeal, '2026-11-30']);
    expect(appealed).toEqual({
      ...underReview(),
      round: 2,
      ledger: { acceptedOn: '2026-11-30', workingDays: 15, pauses: [] },
      assignee: null,
      reviewers: ['r1'],
      appealed: true,
      barred: ['r1'],
    });
  });
});

describe('an appeal with papers', () => {
  const papers = (originalSeen: boolean): CaseEvent => ({
    name: 'appeal',
    payload: { by: 'a1', reason: '诊断有误', materials: [{ kind: 'photo', fileIds: ['f1'], originalSeen }] },
  });
  const verified = { ...rejected('2026-11-25'), mustVerify: true, verified: true, verifiedBy: 'c1' };

  it.each([
    ['has them seen where nobody has', papers(false), null],
    ['goes on where the window has seen them', papers(true), true],
    ['that has none goes on', cases.appeal, true],
  ])('%s', (_, event, seen) => {
    expect(caseAfter(verified, [event, '2026-11-30'])).toMatchObject({ appealed: true, verified: seen });
  });
});

describe('two approvals', () => {
  it('the first leaves the case under review, with nobody in charge; the second approves it', () => {
    const first = caseAfter({ ...underReview(), fourEyes: true }, [cases.approve]);
    expect(first).toMatchObject({ status: 'underReview', firstApproval: 'r1', assignee: null, reviewers: ['r1'] });
    const second = caseAfter(first, [{ name: 'approve', payload: { by: 'r2' } }]);
    expect(second).toMatchObject({ status: 'approved', closed: false, assignee: 'r2', reviewers: ['r1', 'r2'] });
  });

  it.each([
    ['materials', cases.requestMaterials],
    ['a verification', cases.requestVerification],
  ])('begin anew when %s is asked for in between', (_, event) => {
    const first = caseAfter({ ...underReview(), fourEyes: true }, [cases.approve]);
    expect(caseAfter(first, [event]).firstApproval).toBeNull();
  });
});

describe('what ends a case', () => {
  it.each([
    ['register', caseAfter(underReview(), [cases.approve], [{ name: 'register' }]), 'approved'],
    ['withdraw', caseAfter(underReview(), [cases.withdraw]), 'withdrawn'],
    ['withdraw with materials owed', caseAfter(awaitingMaterials('2026-11-25'), [cases.withdraw]), 'withdrawn'],
    ['lapse', caseAfter(awaitingMaterials('2026-11-25'), [{ name: 'lapse' }]), 'lapsed'],
  ])('%s closes the window and the case, and nobody owes anything', (_, state, status) => {
    expect(state).toMatchObject({ status, closed: true, windowOpenedOn: null, requestedKinds: [] });
  });
});

describe('what leaves a case as it is', () => {
  it('assign only sets who reviews', () => {
    const awaiting = awaitingMaterials('2026-11-25');
    const next = caseAfter(awaiting, [{ name: 'assign', payload: { by: 's1', to: 'r2' } }]);
    expect(next).toEqual({ ...awaiting, assignee: 'r2' });
    expect(caseAfter(next, [{ name: 'assign', payload: { by: 'r2', to: null } }])).toEqual({
      ...awaiting,
      assignee: null,
    });
  });

  it('a changed calendar changes nothing of the state but which one it heard of', () => {
    const awaiting = awaitingMaterials('2026-11-25');
    const after = transition(awaiting, { name: 'calendarChanged', payload: { version: 2 } }, '2026-11-26');
    expect(after).toEqual({ ...awaiting, calendarVersion: 2 });
  });
});

describe('escalate', () => {
  it('raises the level, and leaves the window of an applicant who still owes materials', () => {
    const awaiting = awaitingMaterials('2026-12-15');
    expect(caseAfter(awaiting, [cases.escalate(1)])).toEqual({ ...awaiting, escalationLevel: 1 });
  });

  it('never lowers the level within a round', () => {
    const levels = [cases.escalate(2), cases.escalate(1)] as const;
    expect(caseAfter(underReview(), [levels[0]], [levels[1]]).escalationLevel).toBe(2);
  });

  it('keeps the case decidable', () => {
    expect(caseAfter(underReview(), [cases.escalate(3)], [cases.approve])).toMatchObject({
      status: 'approved',
      escalationLevel: 3,
    });
  });
});
