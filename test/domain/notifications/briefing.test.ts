import { describe, expect, it } from '@jest/globals';
import {
  type BriefingCase,
  type BriefingNotification,
  readerOf,
  sortBriefing,
} from '../../../domain/notifications/briefing.ts';

const open: BriefingCase = {
  dueOn: '2026-12-14',
  submittedAt: '2026-11-20T02:00:00.000Z',
  escalationLevel: 0,
  closed: false,
  assignee: 'reviewer-1',
  otherStatusUntil: 1,
};
const notification = (id: string, more: Partial<BriefingNotification> = {}): BriefingNotification => {
  return { id, recipient: 'reviewer-1', acceptanceNumber: 'A', sequence: 5, purpose: 'reviewerReminded', ...more };
};
const ids = (notifications: BriefingNotification[]) => notifications.map(({ id }) => id);

describe('a notification that waits for the briefing', () => {
  it.each<[what: string, about: Partial<BriefingCase>, isCurrent: boolean]>([
    ['about a case in the same status', {}, true],
    ['about a case that has always been in it', { otherStatusUntil: null }, true],
    ['by the change that brought the status', { otherStatusUntil: 4 }, true],
    ['about a case that has ended', { closed: true }, false],
    ['by a change before which the status was the last but one', { otherStatusUntil: 5 }, false],
    ['about a case that went and came back', { otherStatusUntil: 8 }, false],
    ['about a case that is overdue', { escalationLevel: 2 }, true],
    ['about a case whose clock stands still', { dueOn: null }, true],
  ])('%s', (_, about, isCurrent) => {
    const { current, overtaken } = sortBriefing([notification('m')], new Map([['A', { ...open, ...about }]]));
    expect([ids(current), ids(overtaken)]).toEqual(isCurrent ? [['m'], []] : [[], ['m']]);
  });

  it.each<[what: string, other: Partial<BriefingNotification>, overtaken: string[]]>([
    ['by a newer one of the same purpose', { sequence: 7 }, ['m']],
    ['not by one of another purpose', { sequence: 7, purpose: 'dueDateMoved' }, []],
    ['not by one about another case', { sequence: 7, acceptanceNumber: 'B' }, []],
    ['and overtakes an older one', { sequence: 3 }, ['n']],
  ])('is overtaken %s', (_, other, overtaken) => {
    const cases = new Map([
      ['A', open],
      ['B', open],
    ]);
    expect(ids(sortBriefing([notification('m'), notification('n', other)], cases).overtaken)).toEqual(overtaken);
  });

  it('is overtaken by a newer one of the same purpose that was told already', () => {
    const cases = new Map([['A', open]]);
    expect(ids(sortBriefing([notification('m')], cases, [notification('n', { sequence: 7 })]).overtaken)).toEqual([
      'm',
    ]);
    expect(ids(sortBriefing([notification('m')], cases, [notification('n', { sequence: 3 })]).current)).toEqual(['m']);
  });

  it('is told although it is about no case', () => {
    expect(ids(sortBriefing([notification('m', { acceptanceNumber: null })], new Map()).current)).toEqual(['m']);
  });
});

describe('the reader of a notification', () => {
  it.each<[what: string, about: Partial<BriefingCase>, reader: string]>([
    ['who is still in charge', {}, 'reviewer-1'],
    ['who is in charge now', { assignee: 'reviewer-2' }, 'reviewer-2'],
    ['to whom it was addressed while nobody is in charge', { assignee: null }, 'reviewer-1'],
    ['to whom it was addressed about a case that has ended', { assignee: 'reviewer-2', closed: true }, 'reviewer-1'],
  ])('is %s', (_, about, reader) => {
    expect(readerOf(notification('m'), new Map([['A', { ...open, ...about }]]))).toBe(reader);
  });

  it('is to whom it was addressed where it is about no case', () => {
    expect(readerOf(notification('m', { acceptanceNumber: null }), new Map())).toBe('reviewer-1');
  });
});

describe('the order', () => {
  const cases = new Map<string, BriefingCase>([
    ['due-soon', { ...open, dueOn: '2026-12-02' }],
    ['due-soon-filed-later', { ...open, dueOn: '2026-12-02', submittedAt: '2026-11-21T02:00:00.000Z' }],
    ['due-late', { ...open, dueOn: '2026-12-30' }],
    ['stands-still', { ...open, dueOn: null }],
    ['overdue', { ...open, dueOn: '2026-12-03', escalationLevel: 1 }],
    ['long-overdue', { ...open, dueOn: '2026-11-03', escalationLevel: 3 }],
  ]);

  it('is that of the worklist, and what is overdue comes first', () => {
    const notifications = [...cases.keys()].map((acceptanceNumber) =>
      notification(acceptanceNumber, { acceptanceNumber }),
    );
    const expected = ['long-overdue', 'overdue', 'due-soon', 'due-soon-filed-later', 'due-late', 'stands-still'];
    expect(ids(sortBriefing(notifications, cases).current)).toEqual(expected);
    expect(ids(sortBriefing(notifications.toReversed(), cases).current)).toEqual(expected);
  });

  it('of one case is that in which it happened', () => {
    const notifications = [
      notification('second', { acceptanceNumber: 'due-late', sequence: 10 }),
      notification('first', { acceptanceNumber: 'due-late', sequence: 9, purpose: 'resubmitted' }),
    ];
    expect(ids(sortBriefing(notifications, cases).current)).toEqual(['first', 'second']);
  });
});
