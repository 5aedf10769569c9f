import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { recordReceipt } from '../../store/receipts.ts';
import { openSending, type Sending } from './sending.ts';

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
  await recordReceipt(sending.store, { messageId: id, number: 1 }, { state: 'undelivered', failure: '30005' }, at);
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
        row: { state: 'sent' },
        attempts: [
          ['twilio', 'taken', 'undelivered'],
          ['aliyun', 'notTaken', null],
          ['aliyun', 'taken', 'underWay'],
        ],
      });
    },
  );
});
