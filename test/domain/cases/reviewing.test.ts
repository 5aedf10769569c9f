import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../domain/cases/messages.ts';
import { type Objection, objection } from '../../../domain/cases/reviewing.ts';
import type { ApplicationState } from '../../../domain/cases/state.ts';
import type { MaterialKind } from '../../../domain/vocabulary.ts';
import * as cases from '../../harness/rules/cases.ts';

const by = (id: string): Message[] => [
  { name: 'approve', payload: { by: id } },
  { name: 'reject', payload: { by: id, reason: '诊断不符' } },
  { name: 'requestMaterials', payload: { by: id, items: [{ kind: 'photo', problem: '太旧' }] } },
  { name: 'requestVerification', payload: { by: id } },
];
const [approve, reject] = by('r1') as [Message, Message];
const assign = (who: string, to: string | null, authority?: 'supervisor'): Message => ({
  name: 'assign',
  payload: { by: who, to, ...(authority ? { authority } : {}) },
});
const state = (changes: Partial<ApplicationState> = {}): ApplicationState => ({ ...cases.underReview(), ...changes });

describe('a decision', () => {
  it.each(by('r1'))('$name is for whoever is in charge, or for anybody while nobody is', (message) => {
    expect(objection(state(), message, false)).toBeNull();
    expect(objection(state({ assignee: 'r1' }), message, false)).toBeNull();
    expect(objection(state({ assignee: 'r2' }), message, false)).toBe('notAssigned');
    expect(objection(state({ assignee: 'r2' }), message, true)).toBe('notAssigned');
  });

  it.each(by('r1'))('$name on an appeal is for somebody who took no part before, and who is known', (message) => {
    expect(objection(state({ barred: ['r2'] }), message, false)).toBeNull();
    expect(objection(state({ barred: ['r2', 'r1'] }), message, false)).toBe('tookPart');
    expect(objection(state({ barred: ['r2'] }), message, true)).toBe('claimedOnly');
  });

  it.each<[string, Partial<ApplicationState>, Message, boolean, Objection | null]>([
    ['the first approval', { fourEyes: true }, approve, false, null],
    ['the first approval by a signal', { fourEyes: true }, approve, true, 'claimedOnly'],
    ['the second by somebody else', { fourEyes: true, firstApproval: 'r2' }, approve, false, null],
    ['the second by the same', { fourEyes: true, firstApproval: 'r1' }, approve, false, 'sameEyes'],
    ['a rejection by the one who approved first', { fourEyes: true, firstApproval: 'r1' }, reject, false, null],
    ['an approval before the originals were seen', { mustVerify: true }, approve, false, 'notVerified'],
    ['an approval though they were not in order', { mustVerify: true, verified: false }, approve, false, 'notVerified'],
    ['an approval after they were seen', { mustVerify: true, verified: true }, approve, false, null],
    ['a rejection without having seen them', { mustVerify: true }, reject, false, null],
  ])('%s', (_, changes, message, claimed, expected) => {
    expect(objection(state(changes), message, claimed)).toBe(expected);
  });
});

it('what a case holds is released by a supervisor only, who is known', () => {
  const payload = { by: 's1', reason: '他人冒名提交' };
  const release = (authority?: 'supervisor'): Message => ({
    name: 'releaseClaims',
    payload: { ...payload, ...(authority ? { authority } : {}) },
  });
  expect(objection(state({ assignee: 'r1' }), release('supervisor'), false)).toBeNull();
  expect(objection(state(), release('supervisor'), true)).toBe('claimedOnly');
  expect(objection(state(), release(), false)).toBe('claimedOnly');
});

it('who has seen the originals has taken part, without taking charge', () => {
  const recorded = cases.caseAfter(cases.awaitingVerification('2026-11-25'), [cases.recordVerification(true)]);
  expect(recorded).toMatchObject({ reviewers: ['r1', 'c1'], assignee: 'r1', verified: true });
  const appealed = cases.caseAfter(recorded, [cases.reject], [cases.appeal]);
  expect(objection(appealed, { name: 'approve', payload: { by: 'c1' } }, false)).toBe('tookPart');
});

it('what nobody has seen has to be seen, whatever was seen before', () => {
  const verified = cases.caseAfter(cases.awaitingVerification('2026-11-25'), [cases.recordVerification(true)]);
  const awaiting = cases.caseAfter(verified, [cases.requestMaterials]);
  expect(cases.caseAfter(awaiting, [cases.resubmit]).verified).toBeNull();
  const atWindow = { kind: 'photo', fileIds: ['f1'], originalSeen: true } as const;
  const shown = { name: 'resubmit', payload: { by: 'c1', materials: [atWindow] } } as const;
  expect(cases.caseAfter(awaiting, [shown as never]).verified).toBe(true);
  expect(cases.caseAfter(verified, [cases.reject], [cases.resubmit]).verified).toBeNull();
});

describe('separation of duties', () => {
  const verify: Message = { name: 'recordVerification', payload: { by: 'r1', passed: true } };
  const apart = { verifierApart: true, verifiedBy: 'r1' };
  const filedBy = { filedBy: ['a1', 'r1'] };

  it.each<[string, Partial<ApplicationState>, Message, boolean, Objection | null]>([
    ...by('r1').map((message): [string, Partial<ApplicationState>, Message, boolean, Objection] => {
      return [`${message.name} on a case that one has filed`, filedBy, message, false, 'ownCase'];
    }),
    ['a verification of a case that one has filed', filedBy, verify, false, 'ownCase'],
    ['the same by a signal', filedBy, verify, true, 'ownCase'],
    ['taking charge of a case that one has filed', filedBy, assign('s1', 'r1', 'supervisor'), false, 'ownCase'],
    ['handing on a case that one has filed', filedBy, assign('r1', 'r2'), false, 'ownCase'],
    ['a verification of somebody else’s case', {}, verify, false, null],
    ['a verification by a signal, where it doesn’t matter who decides', {}, verify, true, null],
    ['a verification by a signal, where it matters', { verifierApart: true }, verify, true, 'claimedOnly'],
    ['an approval by who recorded the verification', apart, approve, false, 'verifiedAlone'],
    ['a rejection by who recorded the verification', apart, reject, false, 'verifiedAlone'],
    ['an approval by somebody else', { ...apart, verifiedBy: 'c1' }, approve, false, null],
    ['an approval by somebody else, as a signal claims', { ...apart, verifiedBy: 'c1' }, approve, true, 'claimedOnly'],
    ['one of two approvals', { ...apart, fourEyes: true }, approve, false, null],
    ['the second of two', { ...apart, fourEyes: true, firstApproval: 'r2' }, approve, false, null],
    ['a rejection where two have to approve', { ...apart, fourEyes: true }, reject, false, 'verifiedAlone'],
    ['where the policy doesn’t say so', { verifiedBy: 'r1' }, approve, false, null],
  ])('%s', (_, changes, message, claimed, expected) => {
    expect(objection(state(changes), message, claimed)).toBe(expected);
  });

  it('knows who has handed something in, and who has seen the originals that count', () => {
    const verified = cases.caseAfter(cases.awaitingVerification('2026-11-25'), [cases.recordVerification(true)]);
    expect(verified).toMatchObject({ filedBy: ['a1'], verifiedBy: 'c1' });
    const byClerk = { name: 'resubmit', payload: { by: 'c2', materials: [{ kind: 'photo', fileIds: ['f1'] }] } };
    const resubmitted = cases.caseAfter(verified, [cases.requestMaterials], [byClerk as never]);
    expect(resubmitted).toMatchObject({ filedBy: ['a1', 'c2'], verifiedBy: null });
  });
});

describe('a handover', () => {
  it.each<[string, Partial<ApplicationState>, Message, boolean, Objection | null]>([
    ['claims a case that nobody has', {}, assign('r1', 'r1'), false, null],
    ['gives a case that nobody has to another', {}, assign('r1', 'r2'), false, null],
    ['hands on one’s own case', { assignee: 'r1' }, assign('r1', 'r2'), false, null],
    ['takes somebody else’s case', { assignee: 'r2' }, assign('r1', 'r1'), false, 'notYours'],
    ['hands on somebody else’s case', { assignee: 'r2' }, assign('r1', 'r3'), false, 'notYours'],
    ['by a supervisor', { assignee: 'r2' }, assign('s1', 'r3', 'supervisor'), false, null],
    [
      'by a signal that says it is a supervisor’s',
      { assignee: 'r2' },
      assign('s1', 'r3', 'supervisor'),
      true,
      'notYours',
    ],
    ['of an appeal to somebody who took part', { barred: ['r2'] }, assign('s1', 'r2', 'supervisor'), false, 'tookPart'],
    ['gives back one’s own case', { assignee: 'r1' }, assign('r1', null), false, null],
    ['gives back one’s own case in a later round', { assignee: 'r1', barred: ['r2'] }, assign('r1', null), false, null],
    ['gives back somebody else’s case', { assignee: 'r2' }, assign('r1', null), false, 'notYours'],
    ['gives it back by a supervisor', { assignee: 'r2' }, assign('s1', null, 'supervisor'), false, null],
    ['to the one who approved first', { firstApproval: 'r1' }, assign('s1', 'r1', 'supervisor'), false, 'sameEyes'],
  ])('%s', (_, changes, message, claimed, expected) => {
    expect(objection(state(changes), message, claimed)).toBe(expected);
  });
});

describe('a resubmission that crosses another request', () => {
  const awaiting = cases.awaitingMaterials('2026-11-25');
  const replaced = cases.caseAfter(awaiting, [cases.requestMaterials]);
  const handIn = (answers: number | undefined, ...kinds: MaterialKind[]): Message => {
    const materials = kinds.map((kind) => ({ kind, fileIds: ['f1'] }));
    return { name: 'resubmit', payload: { by: 'a1', materials, ...(answers ? { answers } : {}) } };
  };

  it.each<[string, ApplicationState, Message, Objection | null]>([
    ['answers the one that is awaited', awaiting, handIn(1, 'photo'), null],
    ['lacks what is asked for now', replaced, handIn(1, 'photo'), 'requestReplaced'],
    ['has all of it all the same', replaced, handIn(1, 'medicalRecord', 'photo'), null],
    ['comes by a signal, which names none', replaced, handIn(undefined, 'photo'), null],
    ['comes after a rejection', cases.rejected('2026-11-25'), handIn(1, 'photo'), null],
  ])('%s', (_, state, message, expected) => {
    expect(objection(state, message, false)).toBe(expected);
  });
});

describe('an appeal', () => {
  it('is possible once', () => {
    expect(objection(cases.rejected('2026-11-25'), cases.appeal as Message, false)).toBeNull();
    expect(objection({ ...cases.rejected('2026-11-25'), appealed: true }, cases.appeal as Message, false)).toBe(
      'appealedAlready',
    );
  });
});
