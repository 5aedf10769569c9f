import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { addDays, shanghaiInstant } from '../../../domain/dates.ts';
import { undeliveredNotifications } from '../../../store/notifications/delivery.ts';
import { notificationsOfCase } from '../../../store/notifications/queries.ts';
import { dispatchNotificationOptions } from '../../../workflows/messages.ts';
import { type Filed, reviewer, update } from '../../harness/office/case.ts';
import { type Office, openOffice, publishTestCalendar, untilNextWorkingDay } from '../../harness/office/open.ts';
import { createSmsFollowing } from '../../harness/office/sms.ts';
import { policy } from '../../harness/policy.ts';
import { planSmsFault } from '../../harness/providers/sms-faults.ts';
import { codeForNewPhone } from '../../harness/recording/others.ts';
import { until } from '../../harness/until.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice({ policy });
  await publishTestCalendar(office.store, await office.now());
});
afterEach(() => office.close());

const { attemptsOf, callFor, ended, row, stepsOf, takeUp, withdraw } = createSmsFollowing(() => office);

const twilioIsDown = () => planSmsFault(office.standIns, 'twilio', { status: 429, times: 10_000 });
const acceptedOf = ({ acceptanceNumber }: Filed) => `${acceptanceNumber}-1-accepted-applicant-sms`;

it('gives up what nobody has taken three days after it could leave first; a clerk calls, and the case goes on', async () => {
  await untilNextWorkingDay(office, '10:00');
  await twilioIsDown();
  const filed = await office.file();
  const id = acceptedOf(filed);
  await office.env.sleep('71 hours');
  expect(await row(id)).toMatchObject({ state: 'queued' });
  await office.env.sleep('3 days');
  await until('it is given up', async () => (await row(id)).state === 'failed');
  expect(await row(id)).toMatchObject({ failure: 'given up' });
  expect(await undeliveredNotifications(office.store, 10)).toEqual([id]);
  await takeUp(id);
  await untilNextWorkingDay(office, '12:00');
  await until('it is to be told by phone', async () => (await callFor(id)) !== undefined);
  expect((await stepsOf(id)).slice(0, 2)).toEqual(['otherProvider', 'call']);
  await planSmsFault(office.standIns, 'twilio');
  await update(filed, 'approve', reviewer);
  await filed.handle.result();
  const approval = (await notificationsOfCase(office.store, filed.acceptanceNumber)).find((notification) => {
    return notification.purpose === 'approved' && notification.channel === 'sms';
  });
  expect(approval).toMatchObject({ state: 'dispatched' });
  // Three days of tries, every five minutes of the office's hours.
}, 120_000);

it('tries what is held over a long holiday when the office opens again', async () => {
  const date = await untilNextWorkingDay(office, '16:50');
  const holiday = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((days) => [addDays(date, days), '长假'] as const);
  await publishTestCalendar(office.store, await office.now(), Object.fromEntries(holiday));
  await twilioIsDown();
  const filed = await office.file();
  const id = acceptedOf(filed);
  await until('it is tried', async () => (await attemptsOf(id)).length > 0);
  await office.until(shanghaiInstant(date, '17:30'));
  await planSmsFault(office.standIns, 'twilio');
  expect((await untilNextWorkingDay(office, '08:59')) > addDays(date, 9)).toBe(true);
  expect(await row(id)).toMatchObject({ state: 'queued' });
  await office.env.sleep('2 minutes');
  await until('it is dispatched', async () => (await row(id)).state !== 'queued');
  expect(await row(id)).toMatchObject({ state: 'dispatched', failure: null });
  await withdraw(filed);
});

it('dispatches a notification about a new phone although somebody cancels that', async () => {
  const start = await codeForNewPhone(office);
  await twilioIsDown();
  const options = { ...dispatchNotificationOptions(start), args: [start] };
  const handle = await office.client.workflow.start('dispatchNotification', options);
  await until('it is tried', async () => (await attemptsOf(start.notificationId)).length > 0);
  await handle.cancel();
  await office.env.sleep('1 minute');
  await planSmsFault(office.standIns, 'twilio');
  await office.env.sleep('2 minutes');
  await ended(start.notificationId);
  expect(await row(start.notificationId)).toMatchObject({ state: 'dispatched' });
});
