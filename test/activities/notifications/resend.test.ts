import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import type { Sent, Taken } from '../../../activities/notifications/adapters/provider.ts';
import { addDays, shanghaiDate, shanghaiInstant } from '../../../domain/dates.ts';
import { recordReceipt } from '../../../store/notifications/receipts.ts';
import { attempt, notification } from '../../../store/notifications/tables.ts';
import { newPerson } from '../../harness/people.ts';
import { openSending, policyWith, type Sending } from '../../harness/providers/sending.ts';

let sending: Sending;
beforeAll(async () => {
  sending = await openSending();
});
afterEach(() => Promise.all([sending.fault('twilio'), sending.fault('aliyun')]));
afterAll(() => sending?.close());

/** A 短信 that the first provider has taken and then not delivered. @param at instant at which that is known */
async function undelivered(at = new Date().toISOString()): Promise<string> {
  const id = await sending.queue();
  await sending.worker().notify(id);
  await recordReceipt(sending.store, { notificationId: id, number: 1 }, { state: 'undelivered', failure: '30005' }, at);
  return id;
}

describe('a 短信 that has not arrived', () => {
  it.each([{ status: 500 }, { cut: 'before' }])(
    'is given to the other provider again where nobody knew what came of that (%j)',
    async (fault) => {
      const [worker, id] = [sending.worker(), await undelivered()];
      await sending.fault('aliyun', { ...fault, times: 1000 });
      await expect(worker.resend(id)).rejects.toMatchObject({ type: 'ProviderUnavailable' });
      expect((await sending.became(id)).attempts.at(-1)).toEqual(['aliyun', null, null]);
      await sending.fault('aliyun');
      await worker.resend(id);
      expect(await sending.takenBy(id)).toEqual(['twilio', 'aliyun']);
      expect(await sending.became(id)).toMatchObject({
        row: { state: 'dispatched' },
        attempts: [
          ['twilio', 'taken', 'undelivered'],
          ['aliyun', 'notTaken', null],
          ['aliyun', 'taken', 'underWay'],
        ],
      });
    },
  );

  it('is given to the other provider without what was overtaken meanwhile, and not at all once all was', async () => {
    const worker = sending.worker({ policy: policyWith({ sendingHours: { from: '00:00', to: '24:00' } }) });
    const person = newPerson();
    const reminder = { purpose: 'supplementReminded', leaving: 'collected' } as const;
    const [lead, other] = [
      await sending.queue(reminder, { person }),
      await sending.queue(reminder, { person }),
    ].sort() as [string, string];
    await sending.letLeave([lead, other]);
    await worker.notify(lead);
    const undelivered = { state: 'undelivered', failure: '30005' } as const;
    const at = new Date().toISOString();
    await recordReceipt(sending.store, { notificationId: lead, number: 1 }, undelivered, at);
    await sending.approve(lead);
    expect(await worker.nextStep(lead)).toMatchObject({ step: 'otherProvider' });
    await worker.resend(lead);
    expect([await sending.takenBy(lead), await sending.takenBy(other)]).toEqual([['twilio'], ['twilio', 'aliyun']]);
    expect((await sending.became(other)).row.state).toBe('dispatched');
    expect((await sending.became(lead)).row.state).toBe('overtaken');
    await recordReceipt(sending.store, { notificationId: lead, number: 2 }, undelivered, at);
    await sending.approve(other);
    expect(await worker.nextStep(lead)).toBeNull();
  });

  it('waits for the morning where its time has passed while nobody was there, and it is night', async () => {
    const today = shanghaiDate(new Date().toISOString());
    // Whenever the test runs, the hours are over, or still to come.
    const isMorning = new Date().toISOString() < shanghaiInstant(today, '12:00');
    const sendingHours = isMorning ? { from: '22:00', to: '23:00' } : { from: '01:00', to: '02:00' };
    const [failedOn, opensOn] = isMorning ? [addDays(today, -1), today] : [today, addDays(today, 1)];
    const id = await undelivered(shanghaiInstant(failedOn, sendingHours.from));
    await sending.store.db.update(notification).set({ leaving: 'sendingHours' }).where(eq(notification.id, id));
    const [worker, opensAt] = [
      sending.worker({ policy: policyWith({ sendingHours }) }),
      shanghaiInstant(opensOn, sendingHours.from),
    ];
    expect(await worker.nextStep(id)).toEqual({ step: 'otherProvider', at: opensAt });
    expect(await worker.resend(id)).toBe(opensAt);
    expect(await sending.takenBy(id)).toEqual(['twilio']);
  });

  it('is tried again by the count, whenever the provider wants to be asked again', async () => {
    const [worker, id] = [sending.worker(), await undelivered()];
    await sending.fault('aliyun', { status: 429, retryAfter: 1 });
    const failure = await worker.resend(id).catch((error) => error);
    expect(failure).toMatchObject({ type: 'ProviderUnavailable' });
    expect(failure.nextRetryDelay ?? null).toBeNull();
  });
});

it('asks for a receipt by the phone and the words that the provider was given', async () => {
  const id = await sending.queue();
  const { twilio } = sending;
  await sending.worker().notify(id);
  await sending.changePhone(id);
  await sending.letAsk(id);
  const lookedUp: Sent[] = [];
  const lookUp = (sent: Sent, since: string) => {
    lookedUp.push(sent);
    return twilio.lookUp(sent, since);
  };
  await sending.worker({ twilio: { ...twilio, lookUp } }).askReceipts();
  const { body } = (await sending.became(id)).row;
  expect(lookedUp).toContainEqual({ id, address: '+8613800138001', body });
});

it('asks for the other receipts where one of them can not be taken down, and puts that one off', async () => {
  const [odd, fine] = [await sending.queue(), await sending.queue()];
  const { twilio } = sending;
  await sending.worker().notify(odd, fine);
  const due = await sending.letAsk(odd, fine);
  const lookUp = async (sent: Sent, since: string) => {
    if (sent.id === odd) throw new TypeError('nobody expected this');
    return { ...((await twilio.lookUp(sent, since)) as Taken), state: 'delivered' as const };
  };
  await sending.worker({ twilio: { ...twilio, lookUp } }).askReceipts();
  expect((await sending.became(fine)).row.state).toBe('delivered');
  const [row] = await sending.store.db.select().from(attempt).where(eq(attempt.notificationId, odd));
  expect(row?.receipt).toBe('underWay');
  expect((row?.askAt as string) > due).toBe(true);
});
