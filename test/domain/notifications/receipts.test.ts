import { describe, expect, it } from '@jest/globals';
import { takenByTwilio } from '../../../domain/notifications/receipts.ts';

const sid = 'SM1';

describe("Twilio's statuses", () => {
  it.each(['accepted', 'scheduled', 'queued', 'sending', 'sent', 'receiving', 'partially_delivered', 'something new'])(
    '%s is under way',
    (status) => expect(takenByTwilio({ sid, status, errorCode: null })).toEqual({ providerId: sid, state: 'underWay' }),
  );

  it.each(['delivered', 'read'])('%s is delivered', (status) => {
    expect(takenByTwilio({ sid, status })).toEqual({ providerId: sid, state: 'delivered' });
  });

  it.each(['undelivered', 'failed', 'canceled'])('%s is not delivered, with the code where there is one', (status) => {
    const undelivered = { providerId: sid, state: 'undelivered' };
    expect(takenByTwilio({ sid, status, errorCode: 30005 })).toEqual({ ...undelivered, failure: '30005' });
    expect(takenByTwilio({ sid, status, errorCode: '30005' })).toEqual({ ...undelivered, failure: '30005' });
    expect(takenByTwilio({ sid, status, errorCode: null })).toEqual(undelivered);
  });
});
