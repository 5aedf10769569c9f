import type { Clocks } from '../../../domain/cases/clocks.ts';
import { type ApplicationState, submittedApplication } from '../../../domain/cases/state.ts';
import { type CaseEvent, transition } from '../../../domain/cases/transitions.ts';

/** The clocks of design.md; a test of the rules doesn't move with a city's policy. */
export const clocks: Clocks = {
  workingDays: 15,
  closesAt: '17:00',
  ticketMinutes: 30,
  remindsAt: '09:00',
  eligibilityNoticeMinutes: 10,
  reviewerReminders: [5, 3, 1],
  ladder: [
    { afterWorkingDays: 0, notify: 'supervisor' },
    { afterWorkingDays: 1, notify: 'director' },
    { afterWorkingDays: 3, notify: 'director' },
  ],
  oneTimeNotice: { enabled: true, workingDays: 5, remindAfter: 3 },
  supplementStopsClock: true,
  supplement: { days: 15, reminders: [7, 3, 1] },
  verificationStopsClock: true,
  verification: { days: 10, reminders: [5, 1] },
  resubmission: { days: 30, reminders: [7] },
  appeal: { days: 15, reminders: [3] },
};

/** Submitted and accepted on a Monday without a holiday near; due on 2026-12-14. */
export const acceptedOn = '2026-11-23';

export function submitted(on = acceptedOn): ApplicationState {
  return submittedApplication(
    { acceptedOn: on, workingDays: clocks.workingDays, pauses: [] },
    { submittedAt: `${on}T02:00:00.000Z`, filedBy: 'a1' },
  );
}

export const accept: CaseEvent = { name: 'accept' };
export const refuse: CaseEvent = { name: 'refuse', reasons: ['arrears'] };
export const approve: CaseEvent = { name: 'approve', payload: { by: 'r1' } };
export const reject: CaseEvent = { name: 'reject', payload: { by: 'r1', reason: '诊断不符' } };
export const withdraw: CaseEvent = { name: 'withdraw', payload: { by: 'a1' } };
export const requestMaterials: CaseEvent = {
  name: 'requestMaterials',
  payload: {
    by: 'r1',
    items: [
      { kind: 'photo', problem: '太旧' },
      { kind: 'medicalRecord', problem: '看不清' },
      { kind: 'photo', problem: '戴帽' },
    ],
  },
};
export const resubmit: CaseEvent = {
  name: 'resubmit',
  payload: { by: 'a1', materials: [{ kind: 'photo', fileIds: ['f1'] }] },
};
export const requestVerification: CaseEvent = { name: 'requestVerification', payload: { by: 'r1' } };
export const recordVerification = (passed: boolean): CaseEvent => ({
  name: 'recordVerification',
  payload: { by: 'c1', passed },
});
export const appeal: CaseEvent = { name: 'appeal', payload: { by: 'a1', reason: '诊断有误' } };
export const escalate = (level: number): CaseEvent => ({ name: 'escalate', level });

/** The state after events, each on its Shanghai date, that all have to fit. */
export function caseAfter(state: ApplicationState, ...events: [CaseEvent, string?][]): ApplicationState {
  return events.reduce((now, [event, today]) => {
    const next = transition(now, event, today ?? acceptedOn);
    if (!next) throw new Error(`${event.name} does not fit ${now.status}`);
    return next;
  }, state);
}

/** A case under review since `acceptedOn`. */
export const underReview = (): ApplicationState => caseAfter(submitted(), [accept]);
/** A case whose materials were requested. */
export const awaitingMaterials = (requestedOn: string): ApplicationState =>
  caseAfter(underReview(), [requestMaterials, requestedOn]);
/** A case whose applicant has to come with the originals. */
export const awaitingVerification = (requestedOn: string): ApplicationState =>
  caseAfter(underReview(), [requestVerification, requestedOn]);
/** A case that was rejected. */
export const rejected = (rejectedOn: string): ApplicationState => caseAfter(underReview(), [reject, rejectedOn]);
