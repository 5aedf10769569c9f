import { describe, expect, it } from '@jest/globals';
import { eq, inArray } from 'drizzle-orm';
import type { Filing } from '../../../store/cases/filing.ts';
import { callsAbout, openCalls, recordCall } from '../../../store/notifications/calls.ts';
import { followNotification, takeStep, undeliveredNotifications } from '../../../store/notifications/delivery.ts';
import { findNotification, type KnownNotification } from '../../../store/notifications/known.ts';
import { inbox, notificationsOfCase } from '../../../store/notifications/queries.ts';
import { askAgainAt, attemptsToAsk, recordReceipt } from '../../../store/notifications/receipts.ts';
import { BegunElsewhere, beginAttempt, markFailed, markTaken } from '../../../store/notifications/sending.ts';
import { attempt, notification } from '../../../store/notifications/tables.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { changesOf, fileOne, ownWords, recordChange, rules } from '../../harness/database/store.ts';

const at = (minute: number) => `2026-03-02T02:${String(minute).padStart(2, '0')}:00.000Z`;
const sendingHours = { from: '09:00', to: '17:00' };
/** A try by a provider in the notification's own words. */
const by = (provider: string, minute: number) => {
  return { provider, startedAt: at(minute), now: at(minute), inWords: ownWords };
};

/** How notifications are dispatched, and what is done about those that don't arrive. */
await describeStore('sending', (store) => {
  /** A 短信 about a case that has just been accepted. */
  async function queued(): Promise<string> {
    const filed = await fileOne(store);
    const { queued } = await recordChange(store, filed.acceptanceNumber, changesOf(filed).accepted, rules);
    return queued.sms[0] as string;
  }

  const found = async (id: string) => (await findNotification(store, id)) as KnownNotification;

  /** Dispatches a notification. @returns the provider's id for it */
  async function dispatch(id: string, provider = 'twilio', minute = 0): Promise<string> {
    const begun = await beginAttempt(store, await found(id), by(provider, minute));
    const providerId = `${provider}-${id}`;
    const key = { notificationId: id, number: begun?.number as number };
    await markTaken(store, key, { providerId, state: 'underWay' }, { at: at(minute), askAt: at(minute + 5) });
    return providerId;
  }

  const stateOf = async (id: string) => (await found(id)).row.state;
  const receiptsOf = async (id: string) => (await found(id)).attempts.map(({ receipt }) => receipt);

  const open = async (id: string) => (await openCalls(store, { limit: 1000 })).filter((call) => call.id === id);

  describe('an attempt', () => {
    it('is one more each time, and only of what was read just now', async () => {
      const id = await queued();
      const before = await found(id);
      const begun = await beginAttempt(store, before, by('one', 0));
      expect(begun).toMatchObject({ number: 1, sent: { id, body: '短信:accepted' } });
      const again = beginAttempt(store, before, by('one', 0));
      await expect(again).rejects.toThrow(BegunElsewhere);
      const next = await beginAttempt(store, await found(id), by('two', 1));
      expect(next?.number).toBe(2);
    });

    it('begins once however many begin it at once', async () => {
      const before = await found(await queued());
      const begun = Array.from({ length: 5 }, () => beginAttempt(store, before, by('one', 0)));
      const outcomes = await Promise.allSettled(begun);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('of what somebody has taken meanwhile is none', async () => {
      const id = await queued();
      const before = await found(id);
      await dispatch(id);
      expect(await beginAttempt(store, before, by('two', 1))).toBeNull();
    });
  });

  describe('a receipt', () => {
    it.each([
      ['once', ['delivered'], 'delivered'],
      ['twice', ['delivered', 'delivered'], 'delivered'],
      ['late, after it has arrived', ['delivered', 'underWay'], 'delivered'],
      ['of its failure', ['undelivered'], 'failed'],
      ['of its failure, twice', ['undelivered', 'undelivered'], 'failed'],
      ['in the wrong order', ['undelivered', 'delivered'], 'delivered'],
      ['in the wrong order, the other way round', ['delivered', 'undelivered'], 'delivered'],
      ['that says nothing new', ['underWay'], 'dispatched'],
    ] as const)('that comes %s', async (_, states, became) => {
      const id = await queued();
      const providerId = await dispatch(id);
      for (const [index, state] of states.entries()) {
        await recordReceipt(store, { provider: 'twilio', providerId }, { state, failure: '30005' }, at(10 + index));
      }
      expect(await stateOf(id)).toBe(became);
      const { row } = await found(id);
      expect(row.failure).toBe(became === 'failed' ? '30005' : null);
    });

    it.each(['delivered', 'undelivered'] as const)(
      '(%s) stays when a slow try says that it is under way',
      async (state) => {
        const id = await queued();
        const providerId = await dispatch(id);
        await recordReceipt(store, { provider: 'twilio', providerId }, { state, failure: '30005' }, at(3));
        const before = await found(id);
        const underWay = { providerId, state: 'underWay' } as const;
        await markTaken(store, { notificationId: id, number: 1 }, underWay, { at: at(4), askAt: at(9) });
        expect(await found(id)).toEqual(before);
      },
    );

    it('of an attempt that nobody knows changes nothing', async () => {
      const id = await queued();
      await dispatch(id);
      await recordReceipt(store, { provider: 'twilio', providerId: 'SM-unknown' }, { state: 'undelivered' }, at(9));
      await recordReceipt(store, { provider: 'aliyun', providerId: `twilio-${id}` }, { state: 'undelivered' }, at(9));
      expect(await stateOf(id)).toBe('dispatched');
    });

    it('that one provider has failed is not the end while another may still bring it', async () => {
      const id = await queued();
      const first = await dispatch(id);
      await recordReceipt(store, { provider: 'twilio', providerId: first }, { state: 'undelivered' }, at(5));
      const second = await dispatch(id, 'aliyun', 6);
      expect([await stateOf(id), await receiptsOf(id)]).toEqual(['dispatched', ['undelivered', 'underWay']]);
      await recordReceipt(store, { provider: 'twilio', providerId: first }, { state: 'undelivered' }, at(7));
      expect(await stateOf(id)).toBe('dispatched');
      await recordReceipt(store, { provider: 'aliyun', providerId: second }, { state: 'undelivered' }, at(8));
      expect(await stateOf(id)).toBe('failed');
      await recordReceipt(store, { provider: 'twilio', providerId: first }, { state: 'delivered' }, at(9));
      expect(await stateOf(id)).toBe('delivered');
    });

    it('of either provider that it has failed is the end also where both come at once', async () => {
      const undelivered = async () => {
        const id = await queued();
        const [first, second] = [await dispatch(id), await dispatch(id, 'aliyun', 1)];
        await Promise.all([
          recordReceipt(store, { provider: 'twilio', providerId: first }, { state: 'undelivered' }, at(5)),
          recordReceipt(store, { provider: 'aliyun', providerId: second }, { state: 'undelivered' }, at(5)),
        ]);
        return stateOf(id);
      };
      const states: string[] = [];
      for (let turn = 0; turn < 10; turn++) states.push(await undelivered());
      expect(new Set(states)).toEqual(new Set(['failed']));
    });

    it('is asked for when it is due, and not any more once it is there', async () => {
      const [early, late, arrived] = [await queued(), await queued(), await queued()];
      await dispatch(late, 'twilio', 2);
      await dispatch(early, 'twilio', 1);
      const providerId = await dispatch(arrived, 'twilio', 1);
      await recordReceipt(store, { provider: 'twilio', providerId }, { state: 'delivered' }, at(2));
      const due = async (minute: number) => {
        const ids = (await attemptsToAsk(store, at(minute), 1000)).map(({ notificationId }) => notificationId);
        return ids.filter((id) => [early, late, arrived].includes(id));
      };
      expect([await due(5), await due(6), await due(7)]).toEqual([[], [early], [early, late]]);
      await askAgainAt(store, { notificationId: early, number: 1 }, at(30));
      expect(await due(29)).toEqual([late]);
    });
  });

  describe('what has failed', () => {
    it('lies in the APP inbox, once, unless its change has put it there already', async () => {
      const filed = await fileOne(store);
      const person = store.keyring.hash(filed.personal.applicant.idNumber);
      const change = changesOf(filed).accepted;
      const quiet = {
        ...rules,
        notifications: () => rules.notifications(change, {} as never, {} as never, {} as never, []).slice(0, 1),
      };
      const [id] = (await recordChange(store, filed.acceptanceNumber, change, quiet)).queued.sms as [string];
      expect(await inbox(store, { person, limit: 10 })).toEqual([]);
      await markFailed(store, id, 'Twilio 21211', at(1));
      await markFailed(store, id, 'Twilio 21211', at(2));
      expect(await inbox(store, { person, limit: 10 })).toMatchObject([{ body: '短信:accepted', createdAt: at(1) }]);
      expect((await found(id)).row.steps).toEqual([{ step: 'app', at: at(1) }]);
      const other = await queued();
      await markFailed(store, other, 'Twilio 21211', at(1));
      expect((await found(other)).row.steps).toEqual([]);
    });

    it('is taken up once', async () => {
      const id = await queued();
      await markFailed(store, id, 'Twilio 21211', at(1));
      expect(await undeliveredNotifications(store, 1000)).toContain(id);
      expect(await followNotification(store, id)).toMatchObject({ reached: false });
      expect(await undeliveredNotifications(store, 1000)).not.toContain(id);
    });
  });

  describe('a call', () => {
    const task = async () => {
      const id = await queued();
      await markFailed(store, id, 'Twilio 21211', at(1));
      const taken = { step: 'call' as const, at: at(2) };
      await takeStep(store, id, taken, { drafts: [], sendingHours });
      await takeStep(store, id, { ...taken, at: at(3) }, { drafts: [], sendingHours });
      return id;
    };

    it('is one task, with whom to call and what to say', async () => {
      const id = await task();
      expect((await found(id)).row.steps).toEqual([{ step: 'call', at: at(2) }]);
      expect(await open(id)).toMatchObject([
        { since: at(2), name: '李娜', phone: '13800138001', texts: ['短信:accepted'], tries: [] },
      ]);
    });

    it('that reaches nobody stays to be made; one that does ends it', async () => {
      const id = await task();
      const by = 'clerk-1';
      expect(await recordCall(store, id, { outcome: 'notReached', by, at: at(4), note: '无人接听' })).toBe('recorded');
      expect((await open(id))[0]?.tries).toEqual([{ at: at(4), by, note: '无人接听' }]);
      expect((await followNotification(store, id))?.reached).toBe(false);
      expect(await recordCall(store, id, { outcome: 'reached', by, at: at(5) })).toBe('recorded');
      expect(await open(id)).toEqual([]);
      expect((await followNotification(store, id))?.reached).toBe(true);
      // Sent again by the same clerk it changes nothing; somebody else hears that it is done.
      expect(await recordCall(store, id, { outcome: 'reached', by, at: at(6) })).toBe('recorded');
      expect(await recordCall(store, id, { outcome: 'wrongNumber', by: 'clerk-2', at: at(6) })).toBe('done');
      expect(await recordCall(store, 'nobody', { outcome: 'reached', by, at: at(6) })).toBeUndefined();
    });

    it('has not to be made any more once a late receipt says that the 短信 has arrived', async () => {
      const id = await queued();
      const providerId = await dispatch(id);
      await recordReceipt(store, { provider: 'twilio', providerId }, { state: 'undelivered' }, at(1));
      await takeStep(store, id, { step: 'call', at: at(2) }, { drafts: [], sendingHours });
      expect(await open(id)).toHaveLength(1);
      await recordReceipt(store, { provider: 'twilio', providerId }, { state: 'delivered' }, at(3));
      expect(await open(id)).toEqual([]);
      expect(await recordCall(store, id, { outcome: 'notReached', by: 'clerk-1', at: at(4) })).toBe('done');
    });

    it('that nobody has made is told to the supervisors, once', async () => {
      const id = await task();
      const mail = {
        purpose: 'callOverdue',
        channel: 'email',
        leaving: 'anyTime',
        subject: '逾期',
        body: '请安排',
      } as const;
      const toSupervisor = { drafts: [{ ...mail, recipient: 'supervisor-1' }], sendingHours };
      const first = await takeStep(store, id, { step: 'callOverdue', at: at(9) }, toSupervisor);
      // Its answer was lost.
      const again = await takeStep(store, id, { step: 'callOverdue', at: at(10) }, toSupervisor);
      expect(first).toEqual(again);
      const { row } = await found(id);
      const mails = (await notificationsOfCase(store, row.acceptanceNumber as string)).filter(
        (m) => m.purpose === 'callOverdue',
      );
      // The mail of the change itself, to the reviewer, waits too, but that is its case's to dispatch.
      expect(first).toEqual(mails.map((m) => m.id));
      expect(mails).toHaveLength(1);
    });

    it('that the next page begins with is the one after the last', async () => {
      await task();
      await task();
      const all = await openCalls(store, { limit: 1000 });
      const [first, second] = all.slice(-2) as [(typeof all)[0], (typeof all)[0]];
      const page = await openCalls(store, { after: { since: first.since, id: first.id }, limit: 1 });
      expect(page.map(({ id }) => id)).toEqual([second.id]);
    });
  });

  describe('what is overtaken', () => {
    const draft = (purpose: keyof typeof leavings, recipient = 'applicant') => {
      return { purpose, leaving: leavings[purpose], channel: 'sms' as const, recipient, body: purpose };
    };
    const leavings = {
      accepted: 'sendingHours',
      supplementReminded: 'collected',
      materialsRequested: 'sendingHours',
      rejected: 'anyTime',
      approved: 'anyTime',
      escalated: 'sendingHours',
    } as const;

    /**
     * Records two changes with these notifications.
     * @param meanwhile what is done with each of the first ones before the second
     * @returns the states of the first one's notifications
     */
    async function statesAfter(
      first: ReturnType<typeof draft>[],
      second: { drafts: ReturnType<typeof draft>[]; status: 'underReview' | 'approved' },
      meanwhile: (id: string) => Promise<unknown> = async () => undefined,
    ) {
      const filed = await fileOne(store);
      const { accepted, assigned } = changesOf(filed);
      const { queued } = await recordChange(store, filed.acceptanceNumber, accepted, {
        ...rules,
        notifications: () => first,
      });
      for (const id of queued.sms) await meanwhile(id);
      const change = { ...assigned, state: { ...assigned.state, status: second.status } };
      await recordChange(store, filed.acceptanceNumber, change, { ...rules, notifications: () => second.drafts });
      const rows = await notificationsOfCase(store, filed.acceptanceNumber);
      const ofFirst = rows.filter(({ sequence }) => sequence === 1);
      return Object.fromEntries(ofFirst.map(({ body, state }) => [body, state]));
    }

    const both = [draft('supplementReminded'), draft('materialsRequested')];
    const overtaken = { supplementReminded: 'overtaken', materialsRequested: 'overtaken' };

    it('nothing, while the status stays', async () => {
      const queued = { supplementReminded: 'queued', materialsRequested: 'queued' };
      expect(await statesAfter(both, { drafts: [], status: 'underReview' })).toEqual(queued);
    });

    it('reminders and requests once it has changed', async () => {
      expect(await statesAfter(both, { drafts: [], status: 'approved' })).toEqual(overtaken);
      const news = [draft('accepted')];
      expect(await statesAfter(news, { drafts: [], status: 'approved' })).toEqual({ accepted: 'queued' });
    });

    it('what staff were to hear in the morning of a case that has been decided at night', async () => {
      const escalated = [draft('escalated', 'supervisor-1')];
      expect(await statesAfter(escalated, { drafts: [], status: 'underReview' })).toEqual({ escalated: 'queued' });
      expect(await statesAfter(escalated, { drafts: [], status: 'approved' })).toEqual({ escalated: 'overtaken' });
    });

    it('all that waits for the morning, with a result', async () => {
      const result = { drafts: [draft('approved')], status: 'underReview' as const };
      expect(await statesAfter([draft('accepted')], result)).toEqual({ accepted: 'overtaken' });
      expect(await statesAfter([draft('rejected')], result)).toEqual({ rejected: 'queued' });
    });

    it('nothing that somebody has begun to send', async () => {
      const result = { drafts: [draft('approved')], status: 'approved' as const };
      const begin = async (id: string) => beginAttempt(store, await found(id), by('twilio', 0));
      expect(await statesAfter([draft('supplementReminded')], result, begin)).toEqual({ supplementReminded: 'queued' });
    });

    it.each([
      ['on its way', (id: string) => dispatch(id)],
      ['failed', (id: string) => markFailed(store, id, 'Twilio 21211', at(1))],
    ])('just as well where it is %s', async (_, meanwhile) => {
      const decided = { drafts: [], status: 'approved' as const };
      expect(await statesAfter(both, decided, meanwhile)).toEqual(overtaken);
      const news = [draft('accepted')];
      expect(await statesAfter(news, decided, meanwhile)).not.toEqual({ accepted: 'overtaken' });
      const result = { drafts: [draft('approved')], status: 'underReview' as const };
      expect(await statesAfter(news, result, meanwhile)).toEqual({ accepted: 'overtaken' });
      expect(await statesAfter([draft('rejected')], result, meanwhile)).toEqual({ rejected: 'overtaken' });
      const reviewed = { drafts: [draft('accepted')], status: 'approved' as const };
      expect(await statesAfter([draft('rejected')], reviewed, meanwhile)).not.toEqual({ rejected: 'overtaken' });
    });

    /** A case with a reminder that waits. */
    async function reminded(personal?: Filing['personal']) {
      const filed = await fileOne(store, personal ? { personal, diseaseCode: `M${Math.random()}` } : {});
      const remindingRules = {
        ...rules,
        notifications: () => [{ ...draft('supplementReminded'), body: filed.acceptanceNumber }],
      };
      const { queued } = await recordChange(store, filed.acceptanceNumber, changesOf(filed).accepted, remindingRules);
      const decide = () => {
        const { assigned } = changesOf(filed);
        const decided = { ...assigned, state: { ...assigned.state, status: 'approved' as const } };
        return recordChange(store, filed.acceptanceNumber, decided, { ...rules, notifications: () => [] });
      };
      return { number: filed.acceptanceNumber, id: queued.sms[0] as string, personal: filed.personal, decide };
    }

    it('can only have arrived all the same', async () => {
      const { id, decide } = await reminded();
      const providerId = await dispatch(id);
      await decide();
      await recordReceipt(store, { provider: 'twilio', providerId }, { state: 'undelivered', failure: '30005' }, at(9));
      await markFailed(store, id, 'no provider allowed', at(10));
      expect(await stateOf(id)).toBe('overtaken');
      expect(await undeliveredNotifications(store, 1000)).not.toContain(id);
      await recordReceipt(store, { provider: 'twilio', providerId }, { state: 'delivered' }, at(11));
      expect(await stateOf(id)).toBe('delivered');
    });

    it('is not told in a call any more; what came along with it is, until that is overtaken too', async () => {
      const carrier = await reminded();
      const carried = await reminded(carrier.personal);
      await store.db
        .update(notification)
        .set({ leavesAt: at(0) })
        .where(inArray(notification.id, [carrier.id, carried.id]));
      const providerId = await dispatch(carrier.id);
      expect((await found(carried.id)).row).toMatchObject({ state: 'dispatched', carriedBy: carrier.id });
      await carrier.decide();
      await recordReceipt(store, { provider: 'twilio', providerId }, { state: 'undelivered' }, at(9));
      expect([await stateOf(carrier.id), await stateOf(carried.id)]).toEqual(['overtaken', 'failed']);
      expect(await undeliveredNotifications(store, 1000)).toContain(carrier.id);
      expect((await followNotification(store, carrier.id))?.reached).toBe(false);
      expect(await undeliveredNotifications(store, 1000)).not.toContain(carrier.id);
      await takeStep(store, carrier.id, { step: 'call', at: at(10) }, { drafts: [], sendingHours });
      expect(await open(carrier.id)).toMatchObject([{ acceptanceNumber: carried.number, texts: [carried.number] }]);
      // The other's case shows the call too.
      expect((await callsAbout(store, await notificationsOfCase(store, carried.number))).get(carried.id)).toMatchObject(
        {
          notificationId: carrier.id,
        },
      );
      await carried.decide();
      expect(await open(carrier.id)).toEqual([]);
      expect(await recordCall(store, carrier.id, { outcome: 'reached', by: 'clerk-1', at: at(11) })).toBe('done');
      expect((await followNotification(store, carrier.id))?.reached).toBe(true);
      expect(await beginAttempt(store, await found(carrier.id), by('aliyun', 12))).toBeNull();
    });
  });

  it('says when the first notification of a channel leaves, and leaves those for a briefing out', async () => {
    const filed = await fileOne(store, { submittedAt: '2026-03-02T12:00:00.000Z' });
    const drafts = [
      { purpose: 'accepted', channel: 'sms', leaving: 'sendingHours', recipient: 'applicant', body: '甲' },
      {
        purpose: 'accepted',
        channel: 'email',
        leaving: 'briefing',
        recipient: 'reviewer-1',
        subject: '乙',
        body: '乙',
      },
    ] as const;
    const draftingRules = { ...rules, notifications: () => [...drafts] };
    const recorded = await recordChange(store, filed.acceptanceNumber, changesOf(filed).accepted, draftingRules);
    const { sms } = recorded.queued;
    const leavesAt = '2026-03-03T01:00:00.000Z';
    expect(recorded.unsent).toEqual([{ channel: 'sms', sequence: 1, leavesAt, notificationIds: [expect.any(String)] }]);
    expect(sms).toHaveLength(1);
    const mail = (await notificationsOfCase(store, filed.acceptanceNumber)).find(({ channel }) => channel === 'email');
    expect(mail).toMatchObject({ leaving: 'briefing', state: 'queued' });
  });

  it('keeps the attempts of a notification apart from those of others', async () => {
    const [first, second] = [await queued(), await queued()];
    await dispatch(first);
    expect(await store.db.select().from(attempt).where(eq(attempt.notificationId, second))).toEqual([]);
    expect(await store.db.select().from(notification).where(eq(notification.id, first))).toMatchObject([
      { state: 'dispatched', settledAt: at(0) },
    ]);
  });
});
