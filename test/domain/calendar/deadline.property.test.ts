import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deadline, explainDeadline, type Ledger, type Pause } from '../../../domain/calendar/deadline.ts';
import {
  addWorkingDays,
  type Calendar,
  isWorkingDay,
  rollToWorkingDay,
} from '../../../domain/calendar/working-days.ts';
import { countedLedger } from '../../../domain/cases/clocks.ts';
import { schedule } from '../../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../../domain/cases/state.ts';
import { addDays, daysBetween, isWeekend, yearOf } from '../../../domain/dates.ts';
import { calendarOf } from '../../harness/rules/calendars.ts';
import { clocks, underReview } from '../../harness/rules/cases.ts';

/** Dates around a turn of the year, where arrangements change. */
const day = fc.integer({ min: 0, max: 120 }).map((days) => addDays('2026-10-15', days));
const weekendDay = day.filter(isWeekend);
const days = { off: fc.array(day, { maxLength: 40 }), madeUp: fc.array(weekendDay, { maxLength: 12 }) };
const anyCalendar = fc.tuple(days.off, days.madeUp).map(([off, madeUp]) => calendarOf(off, madeUp, 2027));
const pauses: fc.Arbitrary<Pause[]> = fc.array(
  fc
    .record({ from: day, length: fc.integer({ min: 0, max: 20 }) })
    .map(({ from, length }) => ({ from, to: addDays(from, length) })),
  { maxLength: 4 },
);
const anyLedger: fc.Arbitrary<Ledger> = fc.record({
  acceptedOn: day,
  workingDays: fc.integer({ min: 1, max: 40 }),
  pauses,
});

const dueOn = (ledger: Ledger, calendar: Calendar) => deadline(ledger, calendar).dueOn as string;

/** The rule as design.md words it, without the way in which the code goes about it. */
function counts(date: string, { acceptedOn, pauses }: Ledger, calendar: Calendar): boolean {
  const stopped = pauses.some(({ from, to }) => from < date && date <= (to ?? '9999-12-31'));
  return isWorkingDay(calendar, date) && date > acceptedOn && !stopped;
}

describe('the due date', () => {
  it('is the day by which exactly the working days allowed have counted', () => {
    fc.assert(
      fc.property(anyLedger, anyCalendar, (ledger, calendar) => {
        const due = dueOn(ledger, calendar);
        const span = Array.from({ length: daysBetween(ledger.acceptedOn, due) + 1 }, (_, i) =>
          addDays(ledger.acceptedOn, i),
        );
        expect(counts(due, ledger, calendar)).toBe(true);
        expect(span.filter((date) => counts(date, ledger, calendar))).toHaveLength(ledger.workingDays);
      }),
    );
  });

  it('is never earlier for a later acceptance', () => {
    fc.assert(
      fc.property(anyLedger, anyCalendar, (ledger, calendar) => {
        const later = { ...ledger, acceptedOn: addDays(ledger.acceptedOn, 1) };
        expect(dueOn(later, calendar) >= dueOn(ledger, calendar)).toBe(true);
      }),
    );
  });

  it('is later for one working day more', () => {
    fc.assert(
      fc.property(anyLedger, anyCalendar, (ledger, calendar) => {
        const more = { ...ledger, workingDays: ledger.workingDays + 1 };
        expect(dueOn(more, calendar) > dueOn(ledger, calendar)).toBe(true);
      }),
    );
  });

  it('is never earlier for a day off more', () => {
    fc.assert(
      fc.property(anyLedger, days.off, days.madeUp, day, (ledger, off, madeUp, added) => {
        const before = dueOn(ledger, calendarOf(off, madeUp));
        expect(dueOn(ledger, calendarOf([...off, added], madeUp)) >= before).toBe(true);
      }),
    );
  });

  it('is never later for a make-up day more', () => {
    fc.assert(
      fc.property(anyLedger, days.off, days.madeUp, weekendDay, (ledger, off, madeUp, added) => {
        const before = dueOn(ledger, calendarOf(off, madeUp));
        expect(dueOn(ledger, calendarOf(off, [...madeUp, added])) <= before).toBe(true);
      }),
    );
  });

  it('is never earlier for a pause more, and the same for one that ends on the day it began', () => {
    fc.assert(
      fc.property(anyLedger, anyCalendar, day, fc.nat(20), (ledger, calendar, from, length) => {
        const paused = (to: string) => dueOn({ ...ledger, pauses: [...ledger.pauses, { from, to }] }, calendar);
        expect(paused(addDays(from, length)) >= dueOn(ledger, calendar)).toBe(true);
        expect(paused(from)).toBe(dueOn(ledger, calendar));
      }),
    );
  });

  it('is not changed by whatever begins on it or after it', () => {
    fc.assert(
      fc.property(anyLedger, anyCalendar, fc.nat(5), (ledger, calendar, later) => {
        const before = dueOn(ledger, calendar);
        const pause = { from: addDays(before, later), to: null };
        expect(dueOn({ ...ledger, pauses: [...ledger.pauses, pause] }, calendar)).toBe(before);
      }),
    );
  });

  it('of a clock that stopped and runs again comes after what was left then, counted from that day', () => {
    fc.assert(
      fc.property(anyLedger, anyCalendar, fc.nat(30), fc.nat(20), (drawn, calendar, after, length) => {
        const ledger = { ...drawn, pauses: [] };
        const from = addDays(ledger.acceptedOn, after);
        const to = addDays(from, length);
        const stopped = deadline({ ...ledger, pauses: [{ from, to: null }] }, calendar);
        fc.pre(stopped.dueOn === null);
        expect(dueOn({ ...ledger, pauses: [{ from, to }] }, calendar)).toBe(addWorkingDays(calendar, to, stopped.left));
      }),
    );
  });

  it('without pauses is so many working days after acceptance', () => {
    fc.assert(
      fc.property(anyLedger, anyCalendar, ({ acceptedOn, workingDays }, calendar) => {
        const due = dueOn({ acceptedOn, workingDays, pauses: [] }, calendar);
        expect(due).toBe(addWorkingDays(calendar, acceptedOn, workingDays));
        expect(rollToWorkingDay(calendar, due)).toBe(due);
      }),
    );
  });

  it('is provisional exactly when it lies in the years that are only estimated', () => {
    fc.assert(
      fc.property(anyLedger, anyCalendar, (ledger, calendar) => {
        const due = deadline(ledger, calendar);
        expect(due.provisional).toBe(yearOf(due.dueOn as string) >= 2027);
      }),
    );
  });
});

describe('the explanation', () => {
  it('has every day once, as many counted as allowed, and the due date last', () => {
    fc.assert(
      fc.property(anyLedger, anyCalendar, (ledger, calendar) => {
        const explained = explainDeadline(ledger, calendar);
        expect(explained.days.map(({ date }) => date)).toEqual(
          explained.days.map((_, index) => addDays(ledger.acceptedOn, index)),
        );
        expect(explained.days.filter(({ counted }) => counted)).toHaveLength(ledger.workingDays);
        expect(explained.days.at(-1)).toMatchObject({ date: explained.dueOn, counted: true });
      }),
    );
  });

  it('counts a day by the rule it names', () => {
    fc.assert(
      fc.property(anyLedger, anyCalendar, (ledger, calendar) => {
        for (const { date, counted, rule } of explainDeadline(ledger, calendar).days) {
          expect(counted).toBe(counts(date, ledger, calendar));
          expect(counted).toBe(rule === 'workingDay' || rule === 'makeUpDay');
        }
      }),
    );
  });
});

describe('the schedule of a case', () => {
  const state = (ledger: Ledger): ApplicationState => ({ ...underReview(), ledger });

  it('is due on the last counted day of the explanation, whether or not a supplement stops the clock', () => {
    fc.assert(
      fc.property(anyLedger, anyCalendar, fc.boolean(), (ledger, calendar, supplementStopsClock) => {
        const rules = { ...clocks, supplementStopsClock };
        const explained = explainDeadline(countedLedger(state(ledger), rules), calendar);
        const ahead = schedule(state(ledger), 'scApp', rules, calendar);
        expect(ahead.dueOn).toBe(explained.days.findLast(({ counted }) => counted)?.date);
        expect(ahead.provisional).toBe(explained.provisional);
        if (!supplementStopsClock) expect(ahead.dueOn).toBe(dueOn({ ...ledger, pauses: [] }, calendar));
      }),
    );
  });

  it('reminds before the due date, and escalates when the office closes on it or later', () => {
    fc.assert(
      fc.property(anyLedger, anyCalendar, (ledger, calendar) => {
        const { milestones, dueAt } = schedule(state(ledger), 'scApp', clocks, calendar);
        for (const { purpose, at } of milestones) {
          expect(purpose === 'escalate' ? at >= (dueAt as string) : at < (dueAt as string)).toBe(true);
        }
      }),
    );
  });
});
