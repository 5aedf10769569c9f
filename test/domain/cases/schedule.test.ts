import { describe, expect, it } from '@jest/globals';
import type { Clocks } from '../../../domain/cases/clocks.ts';
import { schedule } from '../../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../../domain/cases/state.ts';
import type { Channel } from '../../../domain/vocabulary.ts';
import { calendarOf, stateCouncil } from '../../harness/rules/calendars.ts';
import * as cases from '../../harness/rules/cases.ts';

const scheduleOf = (state: ApplicationState, channel: Channel = 'scApp', clocks: Clocks = cases.clocks) =>
  schedule(state, channel, clocks, stateCouncil);
/** Milestones as `key at`, with the instant in Shanghai time to be read by people. */
const ahead = (...args: Parameters<typeof scheduleOf>) =>
  scheduleOf(...args).milestones.map(({ key, at }) => `${key} ${inShanghai(at)}`);
const inShanghai = (at: string) => new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16);
const { acceptedOn, caseAfter, awaitingMaterials, rejected, underReview } = cases;

const ladder = ['escalate:1 2026-12-14T17:00', 'escalate:2 2026-12-15T17:00', 'escalate:3 2026-12-17T17:00'];

describe('under review', () => {
  it('is due at 17:00 in Shanghai on the fifteenth working day', () => {
    expect(scheduleOf(underReview())).toMatchObject({
      dueOn: '2026-12-14',
      dueAt: '2026-12-14T09:00:00.000Z',
      provisional: false,
      workingDaysLeft: null,
      windowEndsOn: null,
    });
  });

  it('reminds the reviewer at 09:00 with 5, 3 and 1 working days left, then climbs the ladder at 17:00', () => {
    expect(ahead(underReview())).toEqual([
      'remindReviewer:5 2026-12-07T09:00',
      'remindReviewer:3 2026-12-09T09:00',
      'remindReviewer:1 2026-12-11T09:00',
      ...ladder,
    ]);
  });

  it('says of each milestone what it is about', () => {
    expect(scheduleOf(underReview()).milestones.map(({ purpose, value }) => [purpose, value])).toEqual([
      ['remindReviewer', 5],
      ['remindReviewer', 3],
      ['remindReviewer', 1],
      ['escalate', 1],
      ['escalate', 2],
      ['escalate', 3],
    ]);
  });

  it('counts the ladder in working days, over a holiday and a make-up day', () => {
    const state = caseAfter(cases.submitted('2026-01-22'), [cases.accept]);
    expect(scheduleOf(state).dueOn).toBe('2026-02-12');
    expect(ahead(state).slice(-3)).toEqual([
      'escalate:1 2026-02-12T17:00',
      'escalate:2 2026-02-13T17:00',
      'escalate:3 2026-02-24T17:00',
    ]);
  });

  it('leaves out what fired in this round', () => {
    const state = { ...underReview(), fired: ['remindReviewer:5', 'escalate:1'] };
    expect(ahead(state).map((milestone) => milestone.split(' ')[0])).toEqual([
      'remindReviewer:3',
      'remindReviewer:1',
      'escalate:2',
      'escalate:3',
    ]);
  });

  it('reminds of nothing that lies before the clock: two working days have no fifth last', () => {
    const state = underReview();
    const short = { ...state, ledger: { ...state.ledger, workingDays: 2 } };
    expect(ahead(short)[0]).toBe('remindReviewer:1 2026-11-24T09:00');
  });

  it('moves everything when the calendar changes, under the same keys', () => {
    const changed = calendarOf(['2026-12-10']);
    const moved = schedule(underReview(), 'scApp', cases.clocks, changed).milestones;
    expect(moved.map(({ key, at }) => `${key} ${inShanghai(at)}`)).toEqual([
      'remindReviewer:5 2026-12-07T09:00',
      'remindReviewer:3 2026-12-09T09:00',
      'remindReviewer:1 2026-12-14T09:00',
      'escalate:1 2026-12-15T17:00',
      'escalate:2 2026-12-16T17:00',
      'escalate:3 2026-12-18T17:00',
    ]);
  });

  it('is provisional when the due date is', () => {
    expect(scheduleOf(caseAfter(cases.submitted('2026-12-11'), [cases.accept])).provisional).toBe(true);
  });

  it('counts what is left after a supplement', () => {
    const resumed = caseAfter(awaitingMaterials('2026-11-25'), [cases.resubmit, '2026-12-02']);
    expect(scheduleOf(resumed).dueOn).toBe('2026-12-21');
    expect(ahead(resumed)[0]).toBe('remindReviewer:5 2026-12-14T09:00');
  });
});

describe('while the applicant owes materials', () => {
  it('the clock stands still: no due date, no ladder, only the window with its reminders', () => {
    expect(scheduleOf(awaitingMaterials('2026-11-25'))).toMatchObject({
      dueOn: null,
      dueAt: null,
      workingDaysLeft: 13,
      windowEndsOn: '2026-12-10',
    });
    expect(ahead(awaitingMaterials('2026-11-25'))).toEqual([
      'remindSupplement:7:1 2026-12-03T09:00',
      'remindSupplement:3:1 2026-12-07T09:00',
      'remindSupplement:1:1 2026-12-09T09:00',
      'lapse:0:1 2026-12-11T00:00',
    ]);
  });

  it.each<[Channel, string]>([
    ['scApp', '2026-12-11T00:00'],
    ['pzhMiniProgram', '2026-12-11T00:00'],
    ['nationalApp', '2026-12-11T00:00'],
    ['window', '2026-12-10T17:30'],
  ])('through %s the window ends at %s', (channel, end) => {
    expect(ahead(awaitingMaterials('2026-11-25'), channel).at(-1)).toBe(`lapse:0:1 ${end}`);
  });

  it.each([
    ['a working day', '2026-11-25', '2026-12-10'],
    ['a Saturday rolls to Monday', '2026-11-27', '2026-12-14'],
    ['National Day rolls past the holiday', '2026-09-16', '2026-10-08'],
    ['a make-up Sunday is a working day', '2026-09-05', '2026-09-20'],
  ])('the last day: %s', (_, requestedOn, endsOn) => {
    expect(scheduleOf(awaitingMaterials(requestedOn)).windowEndsOn).toBe(endsOn);
  });

  it('the reminders go by the rolled day', () => {
    expect(ahead(awaitingMaterials('2026-11-27'))[0]).toBe('remindSupplement:7:1 2026-12-07T09:00');
  });

  it('a second request has reminders of its own', () => {
    const first = { ...awaitingMaterials('2026-11-25'), fired: ['remindSupplement:7:1'] };
    const second = caseAfter(first, [cases.resubmit, '2026-12-03'], [cases.requestMaterials, '2026-12-04']);
    expect(ahead(second)[0]).toBe('remindSupplement:7:2 2026-12-14T09:00');
  });

  it('a window shorter than a reminder goes without it', () => {
    const clocks = { ...cases.clocks, supplement: { days: 3, reminders: [7, 3, 1] } };
    expect(ahead(awaitingMaterials('2026-11-23'), 'scApp', clocks)).toEqual([
      'remindSupplement:1:1 2026-11-25T09:00',
      'lapse:0:1 2026-11-27T00:00',
    ]);
  });

  it('of a case already overdue the ladder goes on', () => {
    const late = { ...underReview(), fired: ['escalate:1'], escalationLevel: 1 };
    const keys = scheduleOf(caseAfter(late, [cases.requestMaterials, '2026-12-15'])).milestones.map(({ key }) => key);
    expect(keys.filter((key) => key.startsWith('escalate'))).toEqual(['escalate:2', 'escalate:3']);
    expect(keys.filter((key) => key.startsWith('remindReviewer'))).toEqual([]);
  });

  it('by a policy that stops no clock, the due date and the ladder stay; the reviewer, who can do nothing, is not reminded', () => {
    const clocks = { ...cases.clocks, supplementStopsClock: false };
    expect(scheduleOf(awaitingMaterials('2026-11-25'), 'scApp', clocks)).toMatchObject({
      dueOn: '2026-12-14',
      workingDaysLeft: null,
    });
    expect(ahead(awaitingMaterials('2026-11-25'), 'scApp', clocks).slice(-3)).toEqual(ladder);
    expect(ahead(awaitingMaterials('2026-11-25'), 'scApp', clocks).join()).not.toContain('remindReviewer');
  });
});

describe('while a verification is awaited', () => {
  const awaiting = cases.awaitingVerification('2026-11-25');

  it('the applicant is reminded, and it is missed when the window closes on its last day, also for those who applied online', () => {
    expect(scheduleOf(awaiting)).toMatchObject({ dueOn: null, workingDaysLeft: 13, windowEndsOn: '2026-12-07' });
    expect(ahead(awaiting)).toEqual([
      'remindVerification:5:1 2026-12-02T09:00',
      'remindVerification:1:1 2026-12-06T09:00',
      'missVerification:0:1 2026-12-07T17:30',
    ]);
  });

  it('the clock runs on where the policy says so, whatever it says of a supplement', () => {
    const clocks = { ...cases.clocks, verificationStopsClock: false };
    expect(scheduleOf(awaiting, 'scApp', clocks).dueOn).toBe('2026-12-14');
    expect(scheduleOf(awaiting, 'scApp', { ...cases.clocks, supplementStopsClock: false }).dueOn).toBeNull();
  });
});

describe('after a rejection', () => {
  it('the applicant is reminded once, and the case closes at 24:00 of the thirtieth day', () => {
    expect(scheduleOf(rejected('2026-11-25')).windowEndsOn).toBe('2026-12-25');
    expect(scheduleOf(rejected('2026-11-25')).appealUntil).toBe('2026-12-10');
    expect(ahead(rejected('2026-11-25'))).toEqual([
      'remindAppeal:3 2026-12-07T09:00',
      'remindResubmission:7 2026-12-18T09:00',
      'close:0 2026-12-26T00:00',
    ]);
  });

  it('at the window it closes at closing time, once those are served who took a ticket before', () => {
    expect(ahead(rejected('2026-11-25'), 'window').at(-1)).toBe('close:0 2026-12-25T17:30');
  });

  it('it closes when the later of the two times is over, whichever that is', () => {
    const clocks = { ...cases.clocks, appeal: { days: 60, reminders: [] } };
    const { windowEndsOn, appealUntil, milestones } = scheduleOf(rejected('2026-11-25'), 'scApp', clocks);
    expect([windowEndsOn, appealUntil]).toEqual(['2026-12-25', '2027-01-25']);
    expect(milestones.filter(({ purpose }) => purpose === 'close').map(({ at }) => inShanghai(at))).toEqual([
      '2027-01-26T00:00',
    ]);
  });

  it('after an appeal, only a resubmission is possible', () => {
    const state = { ...rejected('2026-11-25'), appealed: true };
    expect(scheduleOf(state).appealUntil).toBeNull();
    expect(ahead(state)).toEqual(['remindResubmission:7 2026-12-18T09:00', 'close:0 2026-12-26T00:00']);
  });

  it('a new round has a new clock and all its reminders', () => {
    const late = { ...rejected('2026-11-25'), fired: ['remindReviewer:5', 'remindResubmission:7'] };
    const again = caseAfter(late, [cases.resubmit, acceptedOn]);
    expect(scheduleOf(again)).toEqual(scheduleOf(underReview()));
  });
});

describe('nothing lies ahead of', () => {
  it.each([
    ['an approved case', caseAfter(underReview(), [cases.approve])],
    ['a withdrawn case', caseAfter(underReview(), [cases.withdraw])],
    ['a lapsed case', caseAfter(awaitingMaterials('2026-11-25'), [{ name: 'lapse' }])],
    ['a closed case', caseAfter(rejected('2026-11-25'), [{ name: 'close' }])],
  ])('%s', (_, state) => {
    expect(scheduleOf(state)).toMatchObject({ milestones: [], windowEndsOn: null });
  });
});
