import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { notification } from '../../../store/notifications/tables.ts';
import { openSending, policyWith, type Sending } from '../../harness/providers/sending.ts';
import { until } from '../../harness/until.ts';

let sending: Sending;
beforeAll(async () => {
  sending = await openSending();
});
afterEach(async () => {
  jest.useRealTimers();
  await Promise.all([sending.fault('twilio'), sending.fault('aliyun')]);
});
afterAll(() => sending?.close());

const unavailable = { type: 'ProviderUnavailable' };
const MINUTE_MS = 60_000;

/** Sets the clock forward; all that waits for a socket or a timer goes on as it does. */
function skip(ms: number): void {
  const timers = ['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask', 'performance'] as const;
  const clears = ['clearTimeout', 'clearInterval', 'clearImmediate'] as const;
  jest.useFakeTimers({ now: Date.now() + ms, doNotFake: [...timers, ...clears, 'hrtime'] });
}

describe.each([
  ['twilio', 'aliyun'],
  ['aliyun', 'twilio'],
] as const)('a 短信 that goes to %s first', (first, other) => {
  const policy = policyWith({ smsProviders: [first, other] });
  const open = [[first, null, null]];
  const taken = (by: string) => [by, 'taken', expect.any(String)];
  const attemptsAt = async (id: string) => (await sending.became(id)).attempts;

  it.each([
    ['the connection is cut before the answer', { cut: 'after' }],
    ['the answer is garbage', { garbage: true }],
  ])('is found there where it was taken and %s', async (_, fault) => {
    const [worker, id] = [sending.worker({ policy }), await sending.queue()];
    await sending.fault(first, fault);
    await expect(worker.notify(id)).rejects.toMatchObject(unavailable);
    expect(await attemptsAt(id)).toEqual(open);
    await worker.notify(id);
    expect(await attemptsAt(id)).toEqual([taken(first)]);
    expect(await sending.takenBy(id)).toEqual([first]);
  });

  it('goes to the other one at once where it says nothing any more in some minutes (a code), rather twice than too late', async () => {
    const [worker, id] = [sending.worker({ policy, settleMs: 20_000 }), await sending.queue()];
    const expiring = { until: new Date(Date.now() + 10 * MINUTE_MS).toISOString() };
    await sending.store.db.update(notification).set(expiring).where(eq(notification.id, id));
    await Promise.all([sending.fault(first, { cut: 'after' }), sending.fault(other, { cut: 'before' })]);
    await expect(worker.notify(id)).rejects.toMatchObject(unavailable);
    expect(await attemptsAt(id)).toEqual([...open, [other, null, null]]);
    await worker.notify(id);
    expect(await attemptsAt(id)).toEqual([taken(first), [other, null, null]]);

    const another = await sending.queue();
    await sending.store.db.update(notification).set(expiring).where(eq(notification.id, another));
    await sending.fault(first, { status: 500, times: 9 });
    await worker.notify(another);
    expect(await attemptsAt(another)).toEqual([[first, null, null], taken(other)]);
  });

  it('is given up after ten seconds without an answer, found later, and goes nowhere else meanwhile', async () => {
    const [worker, id] = [sending.worker({ policy, settleMs: 20_000 }), await sending.queue()];
    await sending.fault(first, { delayMs: 12_000 });
    await expect(worker.notify(id)).rejects.toMatchObject(unavailable);
    await expect(worker.notify(id)).rejects.toMatchObject({ ...unavailable, nextRetryDelay: expect.any(Number) });
    expect(await sending.takenBy(id)).toEqual([]);
    const isThrough = () =>
      worker.notify(id).then(
        () => true,
        () => false,
      );
    await until('it is found', isThrough);
    expect(await attemptsAt(id)).toEqual([taken(first)]);
    expect(await sending.takenBy(id)).toEqual([first]);
  });

  it('goes to the other one at once where the first is asked too much, as do all until the time that it asked for is over', async () => {
    const worker = sending.worker({ policy });
    const [now, meanwhile, later] = [await sending.queue(), await sending.queue(), await sending.queue()];
    await sending.fault(first, { status: 429, retryAfter: 60 });
    await worker.notify(now);
    expect(await attemptsAt(now)).toEqual([[first, 'notTaken', null], taken(other)]);
    skip(MINUTE_MS - 5_000);
    await worker.notify(meanwhile);
    expect(await attemptsAt(meanwhile)).toEqual([taken(other)]);
    skip(5_000);
    await worker.notify(later);
    expect(await attemptsAt(later)).toEqual([taken(first)]);
  });

  it('goes to the other one while the first fails for ten minutes, and back; none is lost, and none sent twice', async () => {
    const worker = sending.worker({ policy, circuitRestMs: 1_000 });
    const all: string[] = [];
    const waiting = new Set<string>();
    const tryAll = async () => {
      for (const id of waiting) {
        await worker.notify(id).then(
          () => waiting.delete(id),
          (error) => expect(error).toMatchObject(unavailable),
        );
      }
    };
    await sending.fault(first, { status: 500, times: 1_000_000 });
    for (let minute = 0; minute < 10; minute += 1) {
      for (const id of [await sending.queue(), await sending.queue(), await sending.queue()]) {
        all.push(id);
        waiting.add(id);
      }
      await tryAll();
      skip(MINUTE_MS);
    }
    const takenMeanwhile = await Promise.all(all.map(sending.takenBy));
    expect(takenMeanwhile.filter(([by]) => by === other).length).toBeGreaterThan(all.length / 2);

    await sending.fault(first);
    await until('the first one takes notifications again', async () => {
      const id = await sending.queue();
      await worker.notify(id);
      return (await sending.takenBy(id))[0] === first;
    });
    // Those that it may have had: now it says that it hasn't.
    await tryAll();
    const takenInAll = await Promise.all(all.map(sending.takenBy));
    expect(takenInAll.map(({ length }) => length)).toEqual(all.map(() => 1));
    expect(takenInAll.flat()).toContain(first);
  });
});
