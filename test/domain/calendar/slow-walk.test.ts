import { expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import * as deadlines from '../../../domain/calendar/deadline.ts';
import * as calendars from '../../../domain/calendar/working-days.ts';
import { schedule } from '../../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../../domain/cases/state.ts';
import { addDays } from '../../../domain/dates.ts';
import { calendarOf, stateCouncil } from '../../harness/rules/calendars.ts';
import { clocks, submitted } from '../../harness/rules/cases.ts';
import * as slow from '../../harness/rules/slow-walk.ts';

const { addWorkingDays, rollToWorkingDay } = calendars;
const { deadline, dayWithLeft, explainDeadline } = deadlines;

/** The same schedule, made of the slow walks. */
jest.resetModules();
jest.unstable_mockModule('../../../domain/calendar/working-days.ts', () => ({ ...calendars, ...slow }));
jest.unstable_mockModule('../../../domain/calendar/deadline.ts', () => ({
  ...deadlines,
  deadline: slow.explainDeadline,
}));
const { schedule: slowSchedule } = await import('../../../domain/cases/schedule.ts');

/** Dates around a turn of the year, where arrangements change. */
const day = fc.integer({ min: 0, max: 120 }).map((days) => addDays('2026-10-15', days));
const days = { off: fc.array(day, { maxLength: 40 }), madeUp: fc.array(day, { maxLength: 12 }) };
const drawn = fc.tuple(days.off, days.madeUp).map(([off, madeUp]) => calendarOf(off, madeUp, 2027));
/** Each of them is walked over a thousand times, so that what it remembers counts. */
const fewCalendars = [stateCouncil, ...fc.sample(drawn, { numRuns: 99, seed: 2026 })];
const calendar = fc.constantFrom(...fewCalendars);
const pause = fc
  .record({
    from: day,
    length: fc.integer({ min: 0, max: 20 }),
    open: fc.nat(5),
    for: fc.constantFrom('verification', undefined),
  })
  .map(({ from, length, open, ...why }): deadlines.Pause => {
    const stop = { from, to: open === 0 ? null : addDays(from, length) };
    return why.for ? { ...stop, for: 'verification' } : stop;
  });
const ledger: fc.Arbitrary<deadlines.Ledger> = fc.record({
  acceptedOn: day,
  workingDays: fc.nat(40),
  pauses: fc.array(pause, { maxLength: 4 }),
});
const state: fc.Arbitrary<ApplicationState> = fc
  .record({
    ledger,
    status: fc.constantFrom('submitted', 'underReview', 'awaitingMaterials', 'awaitingVerification', 'rejected'),
    windowOpenedOn: fc.option(day),
    appealed: fc.boolean(),
    notified: fc.option(fc.array(fc.constantFrom('photo', 'idCard'), { maxLength: 1 })),
    fired: fc.subarray(['escalate:1', 'remindReviewer:5', 'remindAppeal:3']),
    supplements: fc.nat(2),
    submittedAt: fc.constantFrom(undefined, '2026-11-23T02:00:00.000Z'),
  })
  .map(({ submittedAt, ...fields }) => ({ ...submitted(), ...fields, ...(submittedAt ? { submittedAt } : {}) }));
const rules = fc
  .record({ supplementStopsClock: fc.boolean(), verificationStopsClock: fc.boolean() })
  .map((switches) => ({ ...clocks, ...switches }));

/** Compared by hand: `expect` would take most of the time. */
function same(fast: unknown, obvious: unknown): boolean {
  return JSON.stringify(fast) === JSON.stringify(obvious);
}

it('the fast walk over days gives the same answers as the obvious one, ten thousand times', () => {
  expect(slowSchedule).not.toBe(schedule);
  fc.assert(
    fc.property(
      state,
      calendar,
      rules,
      fc.constantFrom('scApp', 'window'),
      fc.nat(41),
      (drawnState, days, policy, channel, n) => {
        const {
          ledger: drawn,
          ledger: { acceptedOn, workingDays },
        } = drawnState;
        const obvious = slow.explainDeadline(drawn, days);
        const { days: _, ...cheap } = obvious;
        const due = deadline(drawn, days);
        return (
          same(due, cheap) &&
          same(explainDeadline(drawn, days), obvious) &&
          dayWithLeft(due, workingDays, n) === (obvious.countedOn[workingDays - n - 1] ?? null) &&
          addWorkingDays(days, acceptedOn, n) === slow.addWorkingDays(days, acceptedOn, n) &&
          rollToWorkingDay(days, acceptedOn) === slow.rollToWorkingDay(days, acceptedOn) &&
          same(schedule(drawnState, channel, policy, days), slowSchedule(drawnState, channel, policy, days))
        );
      },
    ),
    { numRuns: 10_000 },
  );
});
