import { expect, it } from '@jest/globals';
import { grantedAccreditation } from '../../../domain/accreditations/state.ts';
import type { AccreditationEntryKind } from '../../../domain/accreditations/timeline.ts';
import type { ApplicationState } from '../../../domain/cases/state.ts';
import type { Change, EntryDetail, EntryKind } from '../../../domain/cases/timeline.ts';
import type { AccreditationStatus, Status } from '../../../domain/vocabulary.ts';
import { accreditationNotifications, notificationsFor } from '../../../policy/notifications/drafts.ts';
import { grantAccreditation } from '../../../store/accreditations/grant.ts';
import { openCalls } from '../../../store/notifications/calls.ts';
import { takeStep } from '../../../store/notifications/delivery.ts';
import { markFailed } from '../../../store/notifications/sending.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { changesOf, fileOne, grant, recordAccreditation, recordChange, rules } from '../../harness/database/store.ts';
import { policy } from '../../harness/policy.ts';

const at = '2026-03-02T02:00:00.000Z';
const by = { by: 'system', via: 'system' } as const;
const { sendingHours } = policy.notifying;

/** One step of a case: what happens, and what it is like afterwards. */
type Step = [kind: EntryKind, status: Status, more?: { detail?: EntryDetail } & Partial<ApplicationState>];

type AccreditationStep = [kind: AccreditationEntryKind, status: AccreditationStatus];

/** What a newer change makes pointless, told in the policy's words, none of which arrives: somebody has to call. */
await describeStore('what was told before', (store) => {
  async function fail(ids: string[]): Promise<void> {
    for (const id of ids) {
      await markFailed(store, id, 'Twilio 21211', at);
      await takeStep(store, id, { step: 'call', at }, { drafts: [], sendingHours });
    }
  }

  /** @returns the ids of the notifications that still have to be told in a call, without what they are about */
  async function calls(about: string): Promise<string[]> {
    const ids = (await openCalls(store, { limit: 1000 })).map(({ id }) => id);
    return ids.filter((id) => id.startsWith(about)).map((id) => id.slice(about.length + 1));
  }

  /** Records what happens to a case. @returns what there is to call about in the end */
  async function callsAfter(...steps: Step[]): Promise<string[]> {
    const filed = await fileOne(store);
    const { acceptanceNumber } = filed;
    const { state } = changesOf(filed).assigned;
    for (const [index, [kind, status, { detail = {}, ...more } = {}]] of steps.entries()) {
      const change: Change = {
        sequence: index + 1,
        entry: { at, kind, ...by, detail },
        state: { ...state, status, ...more },
      };
      const { queued } = await recordChange(store, acceptanceNumber, change, {
        ...rules,
        notifications: (recorded, _, { applicant }, schedule, staff) =>
          notificationsFor(policy, {
            acceptanceNumber,
            applicantName: applicant.name,
            change: recorded,
            schedule,
            staff,
          }),
      });
      await fail(queued.sms);
    }
    return calls(acceptanceNumber);
  }

  /** As `callsAfter`, of an accreditation. */
  async function accreditationCallsAfter(...steps: AccreditationStep[]) {
    const { id } = await grantAccreditation(store, grant(at));
    const granted = grantedAccreditation('2026-01-01', '2026-12-31');
    for (const [index, [kind, status]] of steps.entries()) {
      const entry = { at, kind, ...by, detail: kind === 'renewalReminded' ? { left: 30 } : {} };
      const change = { sequence: index + 1, entry, state: { ...granted, status } };
      const { queued } = await recordAccreditation(store, id, change, {
        clocks: { remindsAt: '09:00', reminders: [], closesDaysAfter: 30 },
        sendingHours,
        notifications: (recorded, row, { name }) =>
          accreditationNotifications(policy, { accreditationId: row.id, name, change: recorded }),
        revocation: () => {
          throw new Error('nothing is revoked here');
        },
      });
      await fail(queued.sms);
    }
    return calls(id);
  }

  const reminder = '1-renewalReminded-applicant-sms';
  const ended = '1-accreditationEnded-applicant-sms';

  it.each<[first: AccreditationStep, then: AccreditationStep[], calls: string[]]>([
    [['renewalReminded', 'active'], [['institutionChanged', 'active']], [reminder]],
    [['renewalReminded', 'active'], [['renewalFiled', 'active']], []],
    [['renewalReminded', 'active'], [['renewed', 'active']], []],
    [['ended', 'ended'], [['renewalFiled', 'ended']], [ended]],
    [
      ['ended', 'ended'],
      [
        ['renewalFiled', 'ended'],
        ['renewed', 'active'],
      ],
      [],
    ],
  ])('of an accreditation: %j, once %j has happened', async (first, then, expected) => {
    expect(await accreditationCallsAfter(first, ...then)).toEqual(expected);
  });

  it.each<[what: string, steps: Step[], calls: string[]]>([
    ['accepted', [['accepted', 'underReview']], ['2-accepted-applicant-sms']],
    ['refused', [['refused', 'refused', { closed: true }]], ['2-refused-applicant-sms']],
    ['still submitted', [['assigned', 'submitted']], ['1-eligibilityDelayed-applicant-sms']],
  ])('of a case that is %s: that eligibility is checked is told while it is', async (_, steps, expected) => {
    expect(await callsAfter(['eligibilityDelayed', 'submitted'], ...steps)).toEqual(expected);
  });

  it('of a window that has moved: nothing once it was used', async () => {
    // That the window opened later stands for a calendar by which it ends later.
    const steps: Step[] = [
      ['materialsRequested', 'awaitingMaterials', { windowOpenedOn: '2026-03-02' }],
      ['calendarChanged', 'awaitingMaterials', { windowOpenedOn: '2026-03-05' }],
    ];
    expect(await callsAfter(...steps)).toContain('2-windowMoved-applicant-sms');
    expect(await callsAfter(...steps, ['resubmitted', 'underReview'])).toEqual([]);
  });

  it('of what is owed: only the list that has replaced it', async () => {
    const steps: Step[] = [
      ['materialsRequested', 'awaitingMaterials', { windowOpenedOn: '2026-03-02', requestedKinds: ['photo'] }],
      ['supplementReminded', 'awaitingMaterials', { windowOpenedOn: '2026-03-02', requestedKinds: ['photo'] }],
      ['requestReplaced', 'awaitingMaterials', { windowOpenedOn: '2026-03-02', requestedKinds: ['idCard'] }],
    ];
    expect(await callsAfter(...steps)).toEqual(['3-requestReplaced-applicant-sms']);
    expect(await callsAfter(...steps, ['resubmitted', 'underReview'])).toEqual([]);
  });

  it.each<[what: string, steps: Step[], calls: string[]]>([
    [
      'it is decided, not while somebody else works on it',
      [['assigned', 'underReview']],
      ['1-escalated-supervisor-1-sms'],
    ],
    [
      'it waits for the applicant',
      [['materialsRequested', 'awaitingMaterials']],
      ['2-materialsRequested-applicant-sms'],
    ],
    ['it is approved', [['approved', 'approved']], []],
  ])('of an overdue case: to the staff that it is, until %s', async (_, steps, expected) => {
    expect(await callsAfter(['escalated', 'underReview', { escalationLevel: 1 }], ...steps)).toEqual(expected);
  });

  it('by the same purpose: only the newest, to each of its recipients', async () => {
    const reminded = (left: number): Step => ['supplementReminded', 'awaitingMaterials', { detail: { left } }];
    const requested: Step = ['materialsRequested', 'awaitingMaterials'];
    expect(await callsAfter(requested, reminded(7), reminded(3), reminded(1))).toEqual([
      '1-materialsRequested-applicant-sms',
      '4-supplementReminded-applicant-sms',
    ]);
    const escalated = (escalationLevel: number): Step => ['escalated', 'underReview', { escalationLevel }];
    expect(await callsAfter(escalated(1), escalated(2), escalated(3))).toEqual([
      '1-escalated-supervisor-1-sms',
      '3-escalated-director-1-sms',
    ]);
    const renewal: AccreditationStep = ['renewalReminded', 'active'];
    expect(await accreditationCallsAfter(renewal, renewal)).toEqual(['2-renewalReminded-applicant-sms']);
  });

  it('of a rejected case: the rejection stays to be told when it is reviewed again, until there is another result', async () => {
    const appealed: Step[] = [
      ['rejected', 'rejected', { windowOpenedOn: '2026-03-02' }],
      ['appealed', 'underReview'],
      ['approved', 'approved'],
    ];
    expect(await callsAfter(...appealed)).toEqual(['1-rejected-applicant-sms', '2-appealed-applicant-sms']);
    const registered: Step = ['registered', 'approved', { closed: true }];
    expect(await callsAfter(...appealed, registered)).toEqual(['4-approved-applicant-sms']);
  });

  it('of a rejected case: the rejection stays to be told when the time to resubmit is over, a reminder of it does not', async () => {
    const windowOpenedOn = '2026-03-02';
    const rejected: Step[] = [
      ['rejected', 'rejected', { windowOpenedOn }],
      ['resubmissionReminded', 'rejected', { windowOpenedOn, detail: { left: 3 } }],
    ];
    expect(await callsAfter(...rejected)).toEqual(['1-rejected-applicant-sms', '2-resubmissionReminded-applicant-sms']);
    const over = await callsAfter(...rejected, ['closed', 'rejected', { closed: true }]);
    expect(over).toEqual(['1-rejected-applicant-sms']);
  });
});
