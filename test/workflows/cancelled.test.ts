import { beforeAll, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { readCalendar } from '../../store/calendar/queries.ts';
import { findAbsence } from '../../store/staff/absences.ts';
import {
  deliveryOptions,
  type HousekeepingProgress,
  housekeepingProgress,
  housekeepingQueue as taskQueue,
} from '../../workflows/messages.ts';
import { enter } from '../harness/office/absence.ts';
import { applicant, entriesOf, update } from '../harness/office/case.ts';
import { untilNextWorkingDay } from '../harness/office/open.ts';
import { publish, tell } from '../harness/office/publication.ts';
import { createSmsFollowing } from '../harness/office/sms.ts';
import { useOffice } from '../harness/office/use-office.ts';
import { hire } from '../harness/staff.ts';
import { until } from '../harness/until.ts';

/**
 * What a cancellation from Temporal Web doesn't end. (Cases and accreditations are tested with their other messages.)
 */
const office = useOffice({ bothSmsProviders: true });
beforeAll(async () => {
  await untilNextWorkingDay(office, '10:00');
});

const { ended, fileBy, stepsOf } = createSmsFollowing(() => office);

/** Begins a workflow, and cancels it at once. */
async function cancelled(begin: Promise<WorkflowHandle>): Promise<WorkflowHandle> {
  const handle = await begin;
  await handle.cancel();
  return handle;
}

it('an absence hands over all the same, though it was canceled before', async () => {
  const [away, to] = [await hire(office.store), await hire(office.store)];
  const filed = await office.file();
  await update(filed, 'assign', { by: 'supervisor-1', to: away, authority: 'supervisor' });
  const { absenceId, workflowId, begins, progress } = await enter(office, away, [1, 3], to);
  await office.client.workflow.getHandle(workflowId).cancel();
  await until('it has begun', async () => (await progress()).state === 'planned');
  await begins();
  await ended(workflowId);
  expect((await findAbsence(office.store, absenceId))?.handover).toMatchObject({ handedOver: 1 });
  await update(filed, 'withdraw', applicant);
});

it('a calendar change tells the cases', async () => {
  const filed = await office.file();
  const { dueOn } = await filed.progress();
  await publish(office, { daysOff: [dueOn as string] });
  const { version } = await readCalendar(office.store);
  const handle = await cancelled(tell(office, version));
  await office.env.sleep('5 s');
  await ended(handle.workflowId);
  await until('it has heard', async () => (await entriesOf(office, filed)).at(-1)?.detail.version === version);
  await update(filed, 'withdraw', applicant);
});

it('a briefing is sent', async () => {
  const handle = await cancelled(office.client.workflow.start('briefing', { taskQueue, workflowId: 'briefing' }));
  await ended(handle.workflowId);
});

it('a delivery goes on to the next way', async () => {
  const { filed, id } = await fileBy('0001');
  const options = { ...deliveryOptions({ notificationId: id }), args: [{ notificationId: id }] };
  const handle = await cancelled(office.client.workflow.start('delivery', options));
  await office.env.sleep('5 minutes');
  await handle.cancel();
  await office.env.sleep('6 minutes');
  await until('the next way is taken', async () => (await stepsOf(id)).length > 0);
  await update(filed, 'withdraw', applicant);
});

it('housekeeping makes its next pass', async () => {
  const options = { taskQueue, workflowId: 'housekeeping', args: [{ passes: 2 }] };
  const handle = await cancelled(office.client.workflow.start('housekeeping', options));
  const passes = async () => ((await handle.query(housekeepingProgress)) as HousekeepingProgress).passes;
  await until('the first has been made', async () => (await passes()) === 1);
  await handle.cancel();
  await office.env.sleep('2 minutes');
  await ended('housekeeping');
  expect(await passes()).toBe(2);
});
