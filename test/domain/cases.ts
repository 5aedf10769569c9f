import { type ApplicationState, type CaseEvent, submittedApplication, transition } from '../../domain/application.ts';
import type { Clocks } from '../../domain/milestones.ts';

/** The clocks of design.md; a test of the rules doesn't move with a city's policy. */
export const clocks: Clocks = {
  workingDays: 15,
  closesAt: '17:00',
  remindsAt: '09:00',
  reviewerReminders: [5, 3, 1],
  ladder: [
    { afterWorkingDays: 0, notify: 'supervisor' },
    { afterWorkingDays: 1, notify: 'director' },
    { afterWorkingDays: 3, notify: 'director' },
  ],
  supplementStopsClock: true,
  supplement: { days: 15, reminders: [7, 3, 1] },
  resubmission: { days: 30, reminders: [7] },
};

/** Submitted and accepted on a Monday without a holiday near; due on 2026-12-14. */
export const acceptedOn = '2026-11-23';

export function submitted(on = acceptedOn): ApplicationState {
  return submittedApplication({ acceptedOn: on, workingDays: clocks.workingDays, pauses: [] });
}

export const accept: CaseEvent = { name: 'accept' };
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
/** A case that was rejected. */
export const rejected = (rejectedOn: string): ApplicationState => caseAfter(underReview(), [reject, rejectedOn]);
