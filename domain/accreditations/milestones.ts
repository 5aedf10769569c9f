import { addDays, compareInstants, shanghaiInstant } from '../dates.ts';
import type { AccreditationState } from './state.ts';

/** The numbers of the rule, from the policy: calendar days, and a time `HH:MM` in Asia/Shanghai. */
export interface AccreditationClocks {
  remindsAt: string;
  /** Days before the end at which the person is reminded to renew. */
  reminders: number[];
  /** Days after the end in which it can still be renewed. */
  closesDaysAfter: number;
}

/** Something that is to happen to an accreditation by itself at an instant. */
export interface AccreditationMilestone {
  at: string;
  purpose: 'remindRenewal' | 'extend' | 'end' | 'close';
  key: string;
  /** Days left, for a reminder. */
  value: number;
}

/** What lies ahead of an accreditation, earliest first; some may have passed already. */
export function accreditationMilestones(
  state: AccreditationState,
  clocks: AccreditationClocks,
): AccreditationMilestone[] {
  const { validUntil } = state;
  if (validUntil === null || state.closed || state.status === 'revoked') return [];
  const milestone = (purpose: AccreditationMilestone['purpose'], value: number, at: string) => {
    return { at, purpose, key: `${purpose}:${value}`, value };
  };
  const endOf = (day: string) => shanghaiInstant(day, '24:00');
  const ahead = () => {
    if (state.renewal) {
      const purpose = state.renewal.inTime ? 'extend' : 'end';
      return state.status === 'active' ? [milestone(purpose, 0, endOf(validUntil))] : [];
    }
    if (state.status === 'ended') return [milestone('close', 0, endOf(addDays(validUntil, clocks.closesDaysAfter)))];
    const reminders = clocks.reminders.map((left) =>
      milestone('remindRenewal', left, shanghaiInstant(addDays(validUntil, -left), clocks.remindsAt)),
    );
    return [...reminders, milestone('end', 0, endOf(validUntil))];
  };
  return ahead()
    .filter(({ key }) => !state.fired.includes(key))
    .sort((a, b) => compareInstants(a.at, b.at));
}

/**
 * The milestone to act on at `now`. Of several reminders that have passed only the last is sent, and none once the end
 * has passed.
 * @returns the milestone, and the keys of all that are done with it; null when nothing has passed
 */
export function nextAccreditationDue(milestones: AccreditationMilestone[], now: string) {
  const passed = milestones.filter(({ at }) => at <= now);
  const milestone = passed.at(-1);
  return milestone ? { milestone, keys: passed.map(({ key }) => key) } : null;
}
