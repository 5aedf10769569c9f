import type { Ledger, Pause } from '../calendar/deadline.ts';
import type { ApplicationState } from './state.ts';

/** A window in which the applicant may act: calendar days, and reminders so many days before its last day. */
export interface Window {
  days: number;
  reminders: number[];
}

/** One rung of the ladder: who is told when a case is so many working days past its due date. */
export interface Rung {
  afterWorkingDays: number;
  notify: 'supervisor' | 'director';
}

/** The clocks of a city's policy. Times are `HH:MM` in Asia/Shanghai. */
export interface Clocks {
  workingDays: number;
  /** When the due date's day, and a window at the counter, ends. */
  closesAt: string;
  /** For so many minutes more the window serves those who took a ticket (取号) before it closed. */
  ticketMinutes: number;
  remindsAt: string;
  /** Minutes after the submission when the applicant is told that the insurance core hasn't answered yet. */
  eligibilityNoticeMinutes: number;
  /** Working days left at which the reviewer is reminded. */
  reviewerReminders: number[];
  ladder: Rung[];
  /**
   * 一次性告知: whether the rule is kept, the working days within which the first request has to come, and the working day
   * after which the reviewer is reminded that none has come.
   */
  oneTimeNotice: { enabled: boolean; workingDays: number; remindAfter: number };
  /** Whether the clock stands still while the applicant owes materials (policy; the guide doesn't say). */
  supplementStopsClock: boolean;
  supplement: Window;
  /** Whether it stands still while the office waits for the applicant to come with the originals (线下核验). */
  verificationStopsClock: boolean;
  verification: Window;
  resubmission: Window;
  appeal: Window;
}

/** The ledger as the policy counts it: without the pauses that don't stop the clock. */
export function countedLedger({ ledger }: ApplicationState, clocks: Clocks): Ledger {
  const stops = (pause: Pause) =>
    pause.for === 'verification' ? clocks.verificationStopsClock : clocks.supplementStopsClock;
  return { ...ledger, pauses: ledger.pauses.filter(stops) };
}
