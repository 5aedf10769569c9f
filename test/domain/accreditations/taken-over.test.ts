import { describe, expect, it } from '@jest/globals';
import { accreditationMilestones } from '../../../domain/accreditations/milestones.ts';
import { takenOverAccreditation } from '../../../domain/accreditations/state.ts';

const clocks = { remindsAt: '09:00', reminders: [60, 30, 7], closesDaysAfter: 30 };
const takenOver = (validUntil: string | null, today: string) =>
  takenOverAccreditation({ validFrom: '2025-01-01', validUntil }, clocks.reminders, today);

/** What an earlier system granted until 31 March 2027, by the day on which it is taken over. */
describe('an accreditation that is taken over', () => {
  it.each([
    ['long before its end', '2027-01-29', 'active', ['remindRenewal', 'remindRenewal', 'remindRenewal', 'end']],
    ['on the day of a reminder', '2027-01-30', 'active', ['remindRenewal', 'remindRenewal', 'end']],
    ['on its last day', '2027-03-31', 'active', ['end']],
    ['the day after', '2027-04-01', 'ended', ['close']],
    ['years after', '2030-01-01', 'ended', ['close']],
  ])('%s', (_, today, status, ahead) => {
    const state = takenOver('2027-03-31', today);
    expect(state).toMatchObject({ status, closed: false, renewal: null });
    expect(accreditationMilestones(state, clocks).map(({ purpose }) => purpose)).toEqual(ahead);
  });

  it('without an end has nothing ahead', () => {
    const state = takenOver(null, '2030-01-01');
    expect([state.status, accreditationMilestones(state, clocks)]).toEqual(['active', []]);
  });
});
