import { describe, expect, it } from '@jest/globals';
import { nextDue } from '../../../domain/cases/milestones.ts';
import { schedule } from '../../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../../domain/cases/state.ts';
import { stateCouncil } from '../../harness/rules/calendars.ts';
import * as cases from '../../harness/rules/cases.ts';

const due = (state: ApplicationState, now: string, clocks = cases.clocks) => {
  const next = nextDue(schedule(state, 'scApp', clocks, stateCouncil).milestones, now);
  return next && { acts: next.milestone.key, done: [...next.keys].sort() };
};
const late = '2027-03-01T00:00:00.000Z';
const { awaitingMaterials, rejected, underReview } = cases;

describe('the milestone to act on', () => {
  it.each([
    ['none a moment before the first', '2026-12-07T00:59:59.999Z', null],
    [
      'the first at its very instant',
      '2026-12-07T01:00:00.000Z',
      { acts: 'remindReviewer:5', done: ['remindReviewer:5'] },
    ],
    [
      'the latest reminder only',
      '2026-12-10T00:00:00.000Z',
      { acts: 'remindReviewer:3', done: ['remindReviewer:3', 'remindReviewer:5'] },
    ],
    [
      'the escalation instead of all reminders',
      '2026-12-14T09:00:00.000Z',
      { acts: 'escalate:1', done: ['escalate:1', 'remindReviewer:1', 'remindReviewer:3', 'remindReviewer:5'] },
    ],
    [
      'the lowest rung first, though all have passed',
      late,
      { acts: 'escalate:1', done: ['escalate:1', 'remindReviewer:1', 'remindReviewer:3', 'remindReviewer:5'] },
    ],
  ])('under review: %s', (_, now, expected) => {
    expect(due(underReview(), now)).toEqual(expected);
  });

  it.each([
    [
      'the latest reminder only',
      '2026-12-10T00:00:00.000Z',
      { acts: 'remindSupplement:1:1', done: ['remindSupplement:1:1', 'remindSupplement:3:1', 'remindSupplement:7:1'] },
    ],
    [
      'the lapse instead of all reminders',
      late,
      {
        acts: 'lapse:0:1',
        done: ['lapse:0:1', 'remindSupplement:1:1', 'remindSupplement:3:1', 'remindSupplement:7:1'],
      },
    ],
  ])('materials owed: %s', (_, now, expected) => {
    expect(due(awaitingMaterials('2026-11-25'), now)).toEqual(expected);
  });

  it('materials owed and the clock running: the lapse makes the escalation pointless', () => {
    const running = { ...cases.clocks, supplementStopsClock: false };
    expect(due(awaitingMaterials('2026-12-01'), late, running)?.acts).toBe('lapse:0:1');
  });

  it('materials owed and the clock running: an escalation and a reminder each have their turn, the earlier first', () => {
    const running = { ...cases.clocks, supplementStopsClock: false };
    const awaiting = awaitingMaterials('2026-12-01');
    const now = '2026-12-14T10:00:00.000Z';
    expect(due(awaiting, now, running)).toEqual({
      acts: 'remindSupplement:3:1',
      done: ['remindSupplement:3:1', 'remindSupplement:7:1'],
    });
    const reminded = { ...awaiting, fired: ['remindSupplement:3:1', 'remindSupplement:7:1'] };
    expect(due(reminded, now, running)).toEqual({ acts: 'escalate:1', done: ['escalate:1'] });
  });

  it('rejected: the closing instead of the reminder', () => {
    expect(due(rejected('2026-11-25'), late)).toEqual({
      acts: 'close:0',
      done: ['close:0', 'remindAppeal:3', 'remindResubmission:7'],
    });
  });
});

describe('acting on one after the other', () => {
  /** Fires all that is due at `now`, as the workflow does, and tells the keys that were acted on. */
  function actedOn(state: ApplicationState, now: string): string[] {
    const next = due(state, now);
    return next ? [next.acts, ...actedOn({ ...state, fired: [...state.fired, ...next.done] }, now)] : [];
  }

  it('a case that wakes up months late climbs every rung once, in order, and reminds nobody', () => {
    expect(actedOn(underReview(), late)).toEqual(['escalate:1', 'escalate:2', 'escalate:3']);
  });

  it('a case that wakes up in time does each on its day', () => {
    let state = underReview();
    const dueActs: string[] = [];
    for (const { at } of schedule(state, 'scApp', cases.clocks, stateCouncil).milestones) {
      const next = due(state, at);
      dueActs.push(next?.acts ?? 'nothing');
      state = { ...state, fired: [...state.fired, ...(next?.done ?? [])] };
    }
    expect(dueActs).toEqual([
      'remindReviewer:5',
      'remindReviewer:3',
      'remindReviewer:1',
      'escalate:1',
      'escalate:2',
      'escalate:3',
    ]);
  });
});
