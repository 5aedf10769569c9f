import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { attempt } from '../../../store/notifications/tables.ts';
import { keepHouse } from '../../harness/office/housekeeping.ts';
import { type Office, openOffice } from '../../harness/office/open.ts';
import { createSmsFollowing } from '../../harness/office/sms.ts';
import { planSmsFault } from '../../harness/providers/sms-faults.ts';
import { until } from '../../harness/until.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ server: 'dev', bothSmsProviders: true });
});
afterAll(() => office?.close());

const { fileBy, known, row } = createSmsFollowing(() => office);

/** What housekeeping does each minute. @returns how many notifications were taken up */
const run = () => keepHouse(office.client);

/** Lets a receipt be due. @param hoursAgo when the notification went out */
async function isDue(id: string, hoursAgo = 0): Promise<void> {
  const past = new Date(Date.now() - hoursAgo * 3_600_000 - 1000).toISOString();
  await office.store.db.update(attempt).set({ askAt: past, startedAt: past }).where(eq(attempt.notificationId, id));
}

/** Asks until the provider says so. */
const becomes = (id: string, state: string) =>
  until(`it is ${state}`, async () => {
    await isDue(id);
    await run();
    return (await row(id)).state === state;
  });

it('takes down what has arrived, and asks no more', async () => {
  const { id } = await fileBy('8001');
  expect(await row(id)).toMatchObject({ state: 'dispatched' });
  await becomes(id, 'delivered');
  expect((await known(id)).attempts).toMatchObject([{ receipt: 'delivered', askAt: null }]);
});

it('has somebody take care of what has not arrived, once', async () => {
  const { id } = await fileBy('0003');
  await becomes(id, 'failed');
  expect(await row(id)).toMatchObject({ failure: '30005' });
  const { status } = await office.client.workflow.getHandle(id).describe();
  expect(status.name).toBe('RUNNING');
  await until('it is followed', async () => (await row(id)).followed);
  expect(await run()).toBe(0);
});

it('takes up what was refused at once', async () => {
  const { id } = await fileBy('0001');
  expect(await run()).toBe(1);
  expect((await office.client.workflow.getHandle(id).describe()).status.name).toBe('RUNNING');
});

it('asks less and less often for what nobody knows, and a day later counts it as lost', async () => {
  const { id } = await fileBy('0004');
  await isDue(id, 2);
  await run();
  expect(await row(id)).toMatchObject({ state: 'dispatched' });
  const askAt = (await known(id)).attempts[0]?.askAt as string;
  const hours = (Date.parse(askAt) - Date.now()) / 3_600_000;
  expect(Math.round(hours)).toBe(2);
  await isDue(id, 24);
  await run();
  expect(await row(id)).toMatchObject({ state: 'failed', failure: 'no receipt' });
});

it('asks a provider that is down again later', async () => {
  const { id } = await fileBy('8001');
  await isDue(id);
  await planSmsFault(office.standIns, 'twilio', { status: 500, times: 1000 });
  await run();
  await planSmsFault(office.standIns, 'twilio');
  const [begun] = (await known(id)).attempts;
  expect(begun).toMatchObject({ receipt: 'underWay' });
  expect(Math.round((Date.parse(begun?.askAt as string) - Date.now()) / 60_000)).toBe(5);
});
