import { describe, expect, it } from '@jest/globals';
import { awaiting } from '../../../domain/cases/awaiting.ts';
import { messageNames } from '../../../domain/cases/messages.ts';
import type { ApplicationState } from '../../../domain/cases/state.ts';
import { type CaseEvent, type EventName, transition, transitions } from '../../../domain/cases/transitions.ts';
import { type Status, statuses } from '../../../domain/vocabulary.ts';
import * as cases from '../../harness/rules/cases.ts';

/** Written by hand, status by status, so that a slip in the table of domain/ shows here. */
const expected: Record<Status, Partial<Record<EventName, Status>>> = {
  submitted: {
    accept: 'underReview',
    refuse: 'refused',
    escalate: 'submitted',
    withdraw: 'withdrawn',
    assign: 'submitted',
    releaseClaims: 'submitted',
    calendarChanged: 'submitted',
  },
  underReview: {
    approve: 'approved',
    reject: 'rejected',
    requestMaterials: 'awaitingMaterials',
    requestVerification: 'awaitingVerification',
    withdraw: 'withdrawn',
    assign: 'underReview',
    releaseClaims: 'underReview',
    escalate: 'underReview',
    calendarChanged: 'underReview',
  },
  awaitingMaterials: {
    requestMaterials: 'awaitingMaterials',
    resubmit: 'underReview',
    lapse: 'lapsed',
    withdraw: 'withdrawn',
    assign: 'awaitingMaterials',
    releaseClaims: 'awaitingMaterials',
    escalate: 'awaitingMaterials',
    calendarChanged: 'awaitingMaterials',
  },
  awaitingVerification: {
    recordVerification: 'underReview',
    missVerification: 'underReview',
    withdraw: 'withdrawn',
    assign: 'awaitingVerification',
    releaseClaims: 'awaitingVerification',
    escalate: 'awaitingVerification',
    calendarChanged: 'awaitingVerification',
  },
  rejected: {
    resubmit: 'underReview',
    appeal: 'underReview',
    close: 'rejected',
    assign: 'rejected',
    releaseClaims: 'rejected',
    calendarChanged: 'rejected',
  },
  refused: {},
  approved: {
    register: 'approved',
    refuseRegistration: 'underReview',
    assign: 'approved',
    releaseClaims: 'approved',
    calendarChanged: 'approved',
  },
  lapsed: {},
  withdrawn: {},
};
const ends: Status[] = ['refused', 'approved', 'lapsed', 'withdrawn'];

const events: CaseEvent[] = [
  cases.accept,
  cases.refuse,
  cases.approve,
  cases.reject,
  cases.requestMaterials,
  cases.requestVerification,
  cases.recordVerification(true),
  { name: 'missVerification' },
  cases.resubmit,
  cases.appeal,
  cases.withdraw,
  { name: 'assign', payload: { by: 's1', to: 'r2' } },
  { name: 'releaseClaims', payload: { by: 's1', reason: '他人冒名提交', authority: 'supervisor' } },
  cases.escalate(1),
  { name: 'register' },
  { name: 'refuseRegistration' },
  { name: 'lapse' },
  { name: 'close' },
  { name: 'calendarChanged', payload: { version: 2 } },
];
const matrix = statuses.flatMap((status) => events.map((event) => ({ status, event, name: event.name })));
const inStatus = (status: Status, closed = false): ApplicationState => ({ ...cases.submitted(), status, closed });

describe('every event in every status', () => {
  it('is in this list: the table has no others, and every message is in it', () => {
    expect(events.map(({ name }) => name).sort()).toEqual(Object.keys(transitions).sort());
    expect(Object.keys(transitions)).toEqual(expect.arrayContaining([...messageNames]));
  });

  it.each(matrix)('$status + $name', ({ status, event, name }) => {
    const to = expected[status][name];
    const next = transition(inStatus(status), event, cases.acceptedOn);
    expect(transitions[name][status]).toBe(to);
    expect(next?.status).toBe(to);
    if (to === undefined) expect(next).toBeNull();
  });

  it.each(matrix)('$status + $name: ends the case or not', ({ status, event, name }) => {
    const next = transition(inStatus(status), event, cases.acceptedOn);
    const isRegistered = next?.status !== 'approved' || name === 'register';
    if (next) expect(next.closed).toBe(name === 'close' || (ends.includes(next.status) && isRegistered));
  });

  it.each(matrix)('closed $status + $name: nothing', ({ status, event }) => {
    expect(transition(inStatus(status, true), event, cases.acceptedOn)).toBeNull();
  });

  it.each(matrix)('$status + $name leaves the state it was given as it was', ({ status, event }) => {
    const before = { ...cases.awaitingMaterials('2026-11-25'), status };
    const copy = structuredClone(before);
    transition(before, event, '2026-11-30');
    expect(before).toEqual(copy);
  });
});

describe('who has to act next', () => {
  it.each([
    ['submitted', cases.submitted(), { what: 'eligibility' }],
    ['under review', cases.underReview(), { what: 'decision' }],
    [
      'materials requested',
      cases.awaitingMaterials('2026-11-25'),
      { what: 'materials', kinds: ['photo', 'medicalRecord'], until: '2026-12-10' },
    ],
    ['verification requested', cases.awaitingVerification('2026-11-25'), { what: 'verification', until: '2026-12-10' }],
    [
      'rejected',
      cases.rejected('2026-11-25'),
      { what: 'resubmission', until: '2026-12-10', appealUntil: '2026-12-09' },
    ],
    ['approved by the first of two', { ...cases.underReview(), firstApproval: 'r1' }, { what: 'secondApproval' }],
    ['rejected and closed', cases.caseAfter(cases.rejected('2026-11-25'), [{ name: 'close' }]), null],
    ['approved', cases.caseAfter(cases.underReview(), [cases.approve]), { what: 'registration' }],
    ['registered', cases.caseAfter(cases.underReview(), [cases.approve], [{ name: 'register' }]), null],
  ])('%s', (_, state, expectedNext) => {
    const windowEndsOn = state.windowOpenedOn ? '2026-12-10' : null;
    const appealUntil = state.status === 'rejected' ? '2026-12-09' : null;
    expect(awaiting(state, { windowEndsOn, appealUntil })).toEqual(expectedNext);
  });
});
