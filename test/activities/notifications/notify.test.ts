import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { eq } from 'drizzle-orm';
import { addDays, shanghaiDate, shanghaiInstant } from '../../../domain/dates.ts';
import { undeliveredNotifications } from '../../../store/notifications/delivery.ts';
import { type KnownNotification, queuedOf } from '../../../store/notifications/known.ts';
import { beginAttempt } from '../../../store/notifications/sending.ts';
import { attempt } from '../../../store/notifications/tables.ts';
import { ownWords } from '../../harness/database/store.ts';
import { newPerson } from '../../harness/people.ts';
import { prompt } from '../../harness/policy.ts';
import { openSending, policyWith, type Sending } from '../../harness/providers/sending.ts';

let sending: Sending;
beforeAll(async () => {
  sending = await openSending();
});
afterEach(() => Promise.all([sending.fault('twilio'), sending.fault('aliyun')]));
afterAll(() => sending?.close());

/** A try that comes to nothing now. @returns when it asks to be made again */
const later = async (tried: Promise<unknown>) => {
  const failure = await tried.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ApplicationFailure);
  const { type, nextRetryDelay } = failure as ApplicationFailure;
  expect(type).toBe('ProviderUnavailable');
  return nextRetryDelay;
};

/** As a worker does just before it dispatches a notification; then it dies. */
const begin = async (id: string, minutesAgo = 0) => {
  const [known] = (await queuedOf(sending.store, [id])) as [KnownNotification];
  const now = new Date().toISOString();
  const startedAt = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  await beginAttempt(sending.store, known, { provider: 'twilio', startedAt, now, inWords: ownWords });
  return ownWords(known);
};

describe('a 短信', () => {
  it('is dispatched once, however often that is asked for', async () => {
    const [worker, id] = [sending.worker(), await sending.queue()];
    expect(await worker.notify(id)).toBeNull();
    expect(await worker.notify(id)).toBeNull();
    expect(await sending.takenBy(id)).toEqual(['twilio']);
    expect(await sending.became(id)).toMatchObject({
      row: { state: 'dispatched', failure: null },
      attempts: [['twilio', 'taken', 'underWay']],
    });
  });

  it('is dispatched once when it is asked for by two at once', async () => {
    const worker = () => sending.worker({ settleMs: 60_000 });
    const [first, second, id] = [worker(), worker(), await sending.queue()];
    await Promise.allSettled([first.notify(id), second.notify(id)]);
    await first.notify(id);
    expect(await sending.takenBy(id)).toEqual(['twilio']);
  });

  it.each([{ cut: 'after' }, { garbage: true }])(
    'whose answer gets lost (%j) is found again, and not sent twice',
    async (fault) => {
      const [worker, id] = [sending.worker(), await sending.queue()];
      await sending.fault('twilio', fault);
      await later(worker.notify(id));
      expect(await sending.became(id)).toMatchObject({ row: { state: 'queued' }, attempts: [['twilio', null, null]] });
      await worker.notify(id);
      expect(await sending.takenBy(id)).toEqual(['twilio']);
      expect((await sending.became(id)).attempts).toEqual([['twilio', 'taken', expect.any(String)]]);
    },
  );

  it('that a worker had dispatched when it died is not sent again', async () => {
    const id = await sending.queue();
    await sending.twilio.send(await begin(id));
    await sending.worker().notify(id);
    expect(await sending.takenBy(id)).toEqual(['twilio']);
  });

  it('that a worker had not dispatched yet is sent, once the provider would show it', async () => {
    const id = await sending.queue();
    await begin(id);
    const wait = await later(sending.worker({ settleMs: 60_000 }).notify(id));
    expect(wait).toBeGreaterThan(50_000);
    expect(await sending.takenBy(id)).toEqual([]);
    await sending.worker({ settleMs: 0 }).notify(id);
    expect(await sending.takenBy(id)).toEqual(['twilio']);
    expect((await sending.became(id)).attempts.map(([, outcome]) => outcome)).toEqual(['notTaken', 'taken']);
  });

  it('is found again at the phone that it was sent to, although the person has another one since', async () => {
    const id = await sending.queue();
    await sending.fault('twilio', { cut: 'after' });
    await later(sending.worker().notify(id));
    await sending.changePhone(id);
    await sending.worker().notify(id);
    expect(await sending.takenBy(id)).toEqual(['twilio']);
    expect((await sending.became(id)).attempts).toEqual([['twilio', 'taken', expect.any(String)]]);
  });

  it('waits for a provider that may have it and can not be asked, and then goes to the other one', async () => {
    const [worker, id] = [sending.worker(), await sending.queue()];
    const { uncertainMinutes } = prompt.notifying;
    await begin(id, uncertainMinutes - 1);
    await sending.fault('twilio', { status: 500, times: 100 });
    await later(worker.notify(id));
    expect(await sending.takenBy(id)).toEqual([]);
    const startedAt = new Date(Date.now() - (uncertainMinutes + 1) * 60_000).toISOString();
    await sending.store.db.update(attempt).set({ startedAt }).where(eq(attempt.notificationId, id));
    await worker.notify(id);
    expect(await sending.takenBy(id)).toEqual(['aliyun']);
    expect((await sending.became(id)).attempts).toEqual([
      ['twilio', null, null],
      ['aliyun', 'taken', 'underWay'],
    ]);
  });

  it.each([
    ['0001', 'Twilio 21211'],
    ['0002', 'Twilio 21610'],
  ])('to a number ending in %s has failed at once, and lies in the APP inbox', async (ending, failure) => {
    const [worker, id] = [sending.worker(), await sending.queue({}, { ending })];
    expect(await worker.notify(id)).toBeNull();
    const { row, attempts } = await sending.became(id);
    expect(row).toMatchObject({ state: 'failed', failure, steps: [{ step: 'app' }] });
    expect(attempts).toEqual([['twilio', 'refused', null]]);
    const copy = await sending.became(id.replace(/sms$/, 'app'));
    expect(copy.row).toMatchObject({ channel: 'app', state: 'delivered', body: row.body });
  });

  it('is not held up by another one that can not be sent', async () => {
    const worker = sending.worker();
    const [illegal, fine] = [await sending.queue({}, { ending: '0001' }), await sending.queue()];
    await worker.notify(illegal, fine);
    expect([(await sending.became(illegal)).row.state, (await sending.became(fine)).row.state]).toEqual([
      'failed',
      'dispatched',
    ]);
  });

  it('to nobody known has failed', async () => {
    const id = await sending.queue({ recipient: 'somebody-who-left' });
    await sending.worker().notify(id);
    expect((await sending.became(id)).row).toMatchObject({ state: 'failed', failure: 'unknown recipient' });
  });

  it('that must not leave yet is left alone, and says when to come back', async () => {
    const tomorrow = shanghaiInstant(addDays(shanghaiDate(new Date().toISOString()), 1), '09:00');
    const id = await sending.queue({ leaving: 'sendingHours' });
    await sending.letLeave([id], tomorrow);
    expect(await sending.worker().notify(id)).toBe(tomorrow);
    expect(await sending.takenBy(id)).toEqual([]);
  });
});

describe('reminders to one person within the hour', () => {
  // Today is worked, and at any hour.
  const policy = policyWith({ sendingHours: { from: '00:00', to: '24:00' } });
  const due = async (person: ReturnType<typeof newPerson>) => {
    const id = await sending.queue({ leaving: 'collected' }, { person });
    await sending.letLeave([id]);
    return id;
  };
  const tailOf = (id: string) => id.split('-')[0]?.slice(-6) as string;
  const textsWith = async (...ids: string[]) => {
    return (await sending.sent()).map(({ body }) => body).filter((body) => ids.some((id) => body.includes(tailOf(id))));
  };

  it('become one, which says how many; others get their own', async () => {
    const worker = sending.worker({ policy });
    const person = newPerson();
    const [first, second, stranger] = [await due(person), await due(person), await due(newPerson())];
    const notYet = await sending.queue({ leaving: 'collected' }, { person });
    await sending.letLeave([notYet], '2999-01-01T00:00:00.000Z');
    await Promise.all([worker.notify(first), worker.notify(second), worker.notify(stranger)]);
    // One may have found the other being sent just then.
    await Promise.all([worker.notify(first), worker.notify(second)]);
    expect(await textsWith(first, second)).toEqual([expect.stringMatching(/李先生\/女士:您有2件门特事项/)]);
    expect((await textsWith(first, second))[0]).toContain(tailOf(second));
    expect(await sending.takenBy(stranger)).toEqual(['twilio']);
    const states = [await sending.became(first), await sending.became(second)].map(({ row }) => row.state);
    expect(states).toEqual(['dispatched', 'dispatched']);
    expect((await sending.became(notYet)).row).toMatchObject({ state: 'queued', carriedBy: null });
  });

  it('are found again in the words in which they were sent, and take no others along', async () => {
    const before = sending.worker({ policy });
    const sms = '您有{count}件门特事项(尾号{tails})。咨询{hotline}。{surname}';
    const worker = sending.worker({ policy: policyWith({ ...policy.notifying, collected: { sms } }) });
    const person = newPerson();
    const [first, second] = [await due(person), await due(person)];
    await sending.fault('twilio', { cut: 'after' });
    await later(before.notify(first));
    const third = await due(person);
    await worker.notify(first);
    await worker.notify(second);
    await worker.notify(third);
    expect(await textsWith(first, second)).toEqual([expect.stringContaining('您有2件门特事项')]);
    expect(await sending.takenBy(third)).toEqual(['twilio']);
  });

  it('that fail do so together, and all lie in the APP inbox', async () => {
    const worker = sending.worker({ policy });
    const person = newPerson();
    const queued = () => sending.queue({ leaving: 'collected' }, { person, ending: '0002' });
    const [first, second] = [await queued(), await queued()];
    await sending.letLeave([first, second]);
    await worker.notify(first);
    for (const id of [first, second]) {
      expect((await sending.became(id)).row).toMatchObject({ state: 'failed', steps: [{ step: 'app' }] });
      expect((await sending.became(id.replace(/sms$/, 'app'))).row.state).toBe('delivered');
    }
    expect(await undeliveredNotifications(sending.store, 100)).toContain(first);
    expect(await undeliveredNotifications(sending.store, 100)).not.toContain(second);
  });
});

describe('an e-mail', () => {
  const draft = { channel: 'email', recipient: 'reviewer-1', subject: '主题' } as const;

  it('is dispatched once, and is sent then: no mailbox tells more', async () => {
    const [worker, id] = [sending.worker(), await sending.queue(draft)];
    await worker.notify(id);
    await worker.notify(id);
    expect(await sending.takenBy(id)).toEqual(['smtp']);
    expect(await sending.became(id)).toMatchObject({
      row: { state: 'dispatched' },
      attempts: [['smtp', 'taken', 'underWay']],
    });
  });

  it('that was begun when the worker died is sent again, once that try must be over', async () => {
    const id = await sending.queue(draft);
    const [known] = (await queuedOf(sending.store, [id])) as [KnownNotification];
    const now = new Date().toISOString();
    await beginAttempt(sending.store, known, { provider: 'smtp', startedAt: now, now, inWords: ownWords });
    const wait = await later(sending.worker({ settleMs: 60_000 }).notify(id));
    expect(wait).toBeGreaterThan(50_000);
    expect(await sending.takenBy(id)).toEqual([]);
    await sending.worker({ settleMs: 0 }).notify(id);
    expect(await sending.takenBy(id)).toEqual(['smtp']);
    expect((await sending.became(id)).attempts.map(([, outcome]) => outcome)).toEqual([null, 'taken']);
  });
});
