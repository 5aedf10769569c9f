import { beforeAll, expect, it } from '@jest/globals';
import type { ApplicationState, Status } from '../../domain/application.ts';
import type { Change, EntryDetail, EntryKind } from '../../domain/timeline.ts';
import { messagesFor } from '../../policy/notifications.ts';
import { openCalls } from '../../store/calls.ts';
import { takeStep } from '../../store/delivery.ts';
import { recordChange } from '../../store/record.ts';
import { markFailed } from '../../store/sending.ts';
import type { Store } from '../../store/store.ts';
import { policy } from '../support/policy.ts';
import { changesOf, fileOne, rules } from './open-store.ts';

const at = '2026-03-02T02:00:00.000Z';
const by = { by: 'system', via: 'system' } as const;
const { sendingHours } = policy.messaging;

/** One step of a case: what happens, and what it is like afterwards. */
type Step = [kind: EntryKind, status: Status, more?: { detail?: EntryDetail } & Partial<ApplicationState>];

/** What a newer change makes pointless, told in the policy's words, none of which arrives: somebody has to call. */
export function overtakenSuite(shared: () => Store): void {
  let store: Store;
  beforeAll(() => {
    store = shared();
  });

  async function fail(ids: string[]): Promise<void> {
    for (const id of ids) {
      await markFailed(store, id, 'Twilio 21211', at);
      await takeStep(store, id, { step: 'call', at }, { drafts: [], sendingHours });
    }
  }

  /** @returns the ids of the messages that still have to be told in a call, without what they are about */
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
        messages: (told, _, { applicant }, schedule, staff) =>
          messagesFor(policy, { acceptanceNumber, applicantName: applicant.name, change: told, schedule, staff }),
      });
      await fail(queued.sms);
    }
    return calls(acceptanceNumber);
  }

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
}
