import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../domain/cases/messages.ts';
import { belatedKinds, isFirstRequest, isLateFirstRequest } from '../../../domain/cases/one-time-notice.ts';
import { objection } from '../../../domain/cases/reviewing.ts';
import { schedule } from '../../../domain/cases/schedule.ts';
import { type ApplicationState, submittedApplication } from '../../../domain/cases/state.ts';
import { transition } from '../../../domain/cases/transitions.ts';
import type { MaterialKind } from '../../../domain/vocabulary.ts';
import { calendarOf } from '../../harness/rules/calendars.ts';
import * as cases from '../../harness/rules/cases.ts';

const { accept, acceptedOn, caseAfter, clocks } = cases;

const ask = (kinds: MaterialKind[], more: object = {}): Message => ({
  name: 'requestMaterials',
  payload: { by: 'r1', items: kinds.map((kind) => ({ kind, problem: '看不清' })), ...more },
});
const handIn = (...kinds: MaterialKind[]): Message => ({
  name: 'resubmit',
  payload: { by: 'a1', materials: kinds.map((kind) => ({ kind, fileIds: ['f1'] })) },
});
/** Under review since a Monday, in a city that keeps the rule. */
const underReview = (): ApplicationState =>
  caseAfter(
    submittedApplication(
      { acceptedOn, workingDays: clocks.workingDays, pauses: [] },
      { submittedAt: `${acceptedOn}T02:00:00.000Z`, filedBy: 'a1' },
      {
        oneTimeNotice: true,
      },
    ),
    [accept],
  );
const awaiting = caseAfter(underReview(), [ask(['photo'])], [handIn('photo', 'idCard')]);

describe('what is told in one go', () => {
  it.each<[string, ApplicationState, MaterialKind[], MaterialKind[]]>([
    ['anything, at first', underReview(), ['photo', 'medicalRecord'], []],
    ['again what was asked for', awaiting, ['photo'], []],
    ['what was handed in since', awaiting, ['idCard'], []],
    [
      'what was there all the time',
      awaiting,
      ['photo', 'medicalRecord', 'diagnosisCertificate'],
      ['medicalRecord', 'diagnosisCertificate'],
    ],
    ['anything, where the rule did not apply', { ...awaiting, notified: undefined } as never, ['medicalRecord'], []],
    ['anything, in a new round', caseAfter(awaiting, [cases.reject], [cases.resubmit]), ['medicalRecord'], []],
    ['anything, on an appeal', caseAfter(awaiting, [cases.reject], [cases.appeal]), ['medicalRecord'], []],
  ])('%s', (_, state, kinds, belated) => {
    expect(belatedKinds(state, kinds)).toEqual(belated);
  });

  it('has a first request in every round', () => {
    expect(isFirstRequest(underReview())).toBe(true);
    expect(isFirstRequest(awaiting)).toBe(false);
    expect(isFirstRequest(caseAfter(awaiting, [cases.reject], [cases.appeal]))).toBe(true);
    expect(isFirstRequest(cases.underReview())).toBe(false);
  });
});

describe('what was missing at first is for a supervisor, with a reason', () => {
  const belatedReason = '首次审核时没有发现';
  const byAuthority = { by: 's1', belatedReason, authority: 'supervisor' };
  it.each<[string, Partial<ApplicationState>, object, boolean, string | null]>([
    ['the one in charge', { assignee: 'r1' }, {}, false, 'belatedRequest'],
    ['the one in charge, with a reason', { assignee: 'r1' }, { belatedReason }, false, 'belatedRequest'],
    ['a supervisor without a reason', {}, { authority: 'supervisor' }, false, 'belatedRequest'],
    ['a supervisor', {}, byAuthority, false, null],
    ['a supervisor, in a case that somebody else keeps', { assignee: 'r1' }, byAuthority, false, null],
    ['a signal that says it is a supervisor’s', {}, byAuthority, true, 'belatedRequest'],
    ['a supervisor who took part before the appeal', { barred: ['s1'] }, byAuthority, false, 'tookPart'],
  ])('%s', (_, changes, payload, claimed, expected) => {
    expect(objection({ ...awaiting, ...changes }, ask(['medicalRecord'], payload), claimed)).toBe(expected);
  });

  it('and the one in charge stays so', () => {
    const message = ask(['medicalRecord'], byAuthority);
    expect(transition({ ...awaiting, assignee: 'r1' }, message, acceptedOn)).toMatchObject({
      assignee: 'r1',
      reviewers: ['r1', 's1'],
      status: 'awaitingMaterials',
    });
  });
});

describe('the time for the first request', () => {
  const calendar = calendarOf([]);
  const requested = (on: string, before = underReview()) => caseAfter(before, [ask(['photo']), on]);
  const waited = caseAfter(
    underReview(),
    [cases.requestVerification, '2026-11-24'],
    [cases.recordVerification(true), '2026-11-27'],
  );
  it.each<[string, ApplicationState, string, boolean]>([
    ['the day of acceptance', requested(acceptedOn), acceptedOn, false],
    ['the fifth working day', requested('2026-11-30'), '2026-11-30', false],
    ['the sixth', requested('2026-12-01'), '2026-12-01', true],
    [
      'the sixth, three of which the case waited for a verification',
      requested('2026-12-01', waited),
      '2026-12-01',
      false,
    ],
  ])('%s', (_, state, on, late) => {
    expect(isLateFirstRequest(state, on, clocks, calendar)).toBe(late);
    const off = { ...clocks, oneTimeNotice: { ...clocks.oneTimeNotice, enabled: false } };
    expect(isLateFirstRequest(state, on, off, calendar)).toBe(false);
  });

  it('is also late where the clock goes on meanwhile', () => {
    const running = { ...clocks, supplementStopsClock: false };
    expect(isLateFirstRequest(requested('2026-12-01'), '2026-12-01', running, calendar)).toBe(true);
  });

  const reminder = (state: ApplicationState, changed = clocks) =>
    schedule(state, 'scApp', changed, calendar).milestones.find(({ purpose }) => purpose === 'remindNotice')?.at;

  it('the reviewer is reminded on the third working day, unless there was one, or the rule does not apply', () => {
    expect(reminder(underReview())).toBe('2026-11-26T01:00:00.000Z');
    expect(reminder(waited)).toBe('2026-12-01T01:00:00.000Z');
    expect(reminder(awaiting)).toBeUndefined();
    expect(reminder(requested('2026-11-24'))).toBeUndefined();
    expect(reminder(cases.underReview())).toBeUndefined();
    const off = { ...clocks, oneTimeNotice: { ...clocks.oneTimeNotice, enabled: false } };
    expect(reminder(underReview(), off)).toBeUndefined();
  });
});
