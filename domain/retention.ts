import { addDays, addMonths, shanghaiInstant } from './dates.ts';

/** How long what is held about people is kept (保存期限), by the policy. */
export interface RetentionRules {
  /** After a case closed; where it brought an accreditation, not before that is erased. */
  caseYears: number;
  /** After an accreditation ended for good. */
  accreditationYears: number;
  /** APP notifications. */
  inboxDays: number;
  /** What was sent by 短信 and mail, after it was settled. */
  notificationDays: number;
  /** Calls (电话告知) and what clerks noted of them, after they were done. */
  callDays: number;
  /** Answers to requests with an `Idempotency-Key`: after that a repeated request is new. */
  requestDays: number;
}

/** What retention goes through. */
export type Retained = 'accreditations' | 'cases' | 'inbox' | 'notifications' | 'calls' | 'requests';

/**
 * The instants before which something must have come to its end to be erased.
 * @param today Shanghai date
 */
export function cutoffs(rules: RetentionRules, today: string): Record<Retained, string> {
  const yearsAgo = (years: number) => shanghaiInstant(addMonths(today, -12 * years), '00:00');
  const daysAgo = (days: number) => shanghaiInstant(addDays(today, -days), '00:00');
  return {
    accreditations: yearsAgo(rules.accreditationYears),
    cases: yearsAgo(rules.caseYears),
    inbox: daysAgo(rules.inboxDays),
    notifications: daysAgo(rules.notificationDays),
    calls: daysAgo(rules.callDays),
    requests: daysAgo(rules.requestDays),
  };
}
