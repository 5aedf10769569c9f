import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ProviderUnavailable } from '../../../activities/notifications/adapters/provider.ts';
import { recordCall } from '../../../store/notifications/calls.ts';
import { recordReceipt } from '../../../store/notifications/receipts.ts';
import type { Filed } from '../../harness/office/case.ts';
import { untilNextWorkingDay } from '../../harness/office/open.ts';
import { createSmsFollowing } from '../../harness/office/sms.ts';
import { useOffice } from '../../harness/office/use-office.ts';
import { planSmsFault } from '../../harness/providers/sms-faults.ts';
import { until } from '../../harness/until.ts';

const office = useOffice({ bothSmsProviders: true });
afterEach(async () => {
  jest.restoreAllMocks();
  await planSmsFault(office.standIns, 'aliyun');
});
beforeEach(async () => {
  await untilNextWorkingDay(office, '10:00');
});

const { attemptsOf, callFor, ended, fileBy, row, stepsOf, takeUp, withdraw } = createSmsFollowing(() => office);

const took = (id: string, step: string) =>
  until(`${step} is taken`, async () => (await stepsOf(id)).some((taken) => taken === step));

const receipt = async (id: string, number: number, state: 'delivered' | 'undelivered') =>
  recordReceipt(office.store, { notificationId: id, number }, { state, failure: '30005' }, await office.now());

/** Mails to one of the supervisors about a call that is overdue. */
const mailsAbout = async ({ acceptanceNumber }: Filed) =>
  (await office.sent()).filter(({ body, to }) => {
    return body.includes('电话') && body.includes(acceptanceNumber.slice(-6)) && to.includes('supervisor-1@');
  });

describe('a 短信 that nobody can be sent', () => {
  it('goes to the other provider, and then to a clerk, who calls', async () => {
    const { filed, id } = await fileBy('0001');
    expect(await row(id)).toMatchObject({ state: 'failed', failure: 'Twilio 21211' });
    await takeUp(id);
    await office.env.sleep('9 minutes');
    expect(await stepsOf(id)).toEqual([]);
    await office.env.sleep('2 minutes');
    await took(id, 'otherProvider');
    expect(await attemptsOf(id)).toEqual([
      ['twilio', 'refused', null],
      ['aliyun', 'refused', null],
    ]);
    await office.env.sleep('58 minutes');
    expect(await callFor(id)).toBeUndefined();
    await office.env.sleep('2 minutes');
    await took(id, 'call');
    expect(await callFor(id)).toMatchObject({ phone: '13800130001', texts: [expect.stringContaining('已受理')] });
    const { now, store } = office;
    await recordCall(store, id, { outcome: 'notReached', by: 'clerk-1', at: await now() });
    await recordCall(store, id, { outcome: 'reached', by: 'clerk-1', at: await now() });
    await untilNextWorkingDay(office, '10:00');
    await ended(id);
    expect(await stepsOf(id)).toEqual(['otherProvider', 'call']);
    await withdraw(filed);
  });
});

describe('a 短信 that has not arrived', () => {
  it('by either provider, and that nobody calls about, is told to the supervisors', async () => {
    const { filed, id } = await fileBy('0003');
    await receipt(id, 1, 'undelivered');
    expect(await row(id)).toMatchObject({ state: 'failed', failure: '30005' });
    await takeUp(id);
    await office.env.sleep('11 minutes');
    await took(id, 'otherProvider');
    expect((await row(id)).state).toBe('dispatched');
    await receipt(id, 2, 'undelivered');
    await office.env.sleep('61 minutes');
    await took(id, 'call');
    // The eight hours are over at night, when nobody calls.
    await untilNextWorkingDay(office, '08:59');
    expect(await stepsOf(id)).toEqual(['otherProvider', 'call']);
    await office.env.sleep('2 minutes');
    await ended(id);
    expect(await stepsOf(id)).toEqual(['otherProvider', 'call', 'callOverdue']);
    expect(await mailsAbout(filed)).toHaveLength(1);
    await withdraw(filed);
  });

  it('is tried with the other provider for half an hour', async () => {
    const { filed, id } = await fileBy('8001');
    await receipt(id, 1, 'undelivered');
    await planSmsFault(office.standIns, 'aliyun', { status: 429, times: 1000 });
    await takeUp(id);
    await office.env.sleep('39 minutes');
    expect([await stepsOf(id), (await attemptsOf(id)).length > 5]).toEqual([[], true]);
    await office.env.sleep('3 minutes');
    await took(id, 'otherProvider');
    await receipt(id, 1, 'delivered');
    await withdraw(filed);
  });

  it('is told to the supervisors as soon as the mail server is back', async () => {
    const { filed, id } = await fileBy('0003');
    await receipt(id, 1, 'undelivered');
    await takeUp(id);
    await office.env.sleep('80 minutes');
    await took(id, 'call');
    const down = jest.spyOn(office.email, 'send').mockRejectedValue(new ProviderUnavailable('SMTP 421'));
    await untilNextWorkingDay(office, '09:01');
    await took(id, 'callOverdue');
    await office.env.sleep('3 hours');
    expect(down.mock.calls.length).toBeGreaterThan(10);
    down.mockRestore();
    await office.env.sleep('11 minutes');
    await ended(id);
    expect(await mailsAbout(filed)).toHaveLength(1);
    await withdraw(filed);
  });

  it('needs nothing more once the other provider has brought it', async () => {
    const { filed, id } = await fileBy('8001');
    await receipt(id, 1, 'undelivered');
    await takeUp(id);
    await office.env.sleep('11 minutes');
    await took(id, 'otherProvider');
    await receipt(id, 2, 'delivered');
    expect(await row(id)).toMatchObject({ state: 'delivered', failure: null });
    await office.env.sleep('61 minutes');
    await ended(id);
    expect([await stepsOf(id), await callFor(id)]).toEqual([['otherProvider'], undefined]);
    await withdraw(filed);
  });

  it('needs nothing more either when a late receipt says that it has', async () => {
    const { filed, id } = await fileBy('8001');
    await receipt(id, 1, 'undelivered');
    await takeUp(id);
    await receipt(id, 1, 'delivered');
    await office.env.sleep('11 minutes');
    await ended(id);
    expect(await stepsOf(id)).toEqual([]);
    await withdraw(filed);
  });
});
