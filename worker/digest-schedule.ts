import { Client, type ConnectionLike, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { digest } from '../workflows/index.ts';
import { taskQueue } from '../workflows/messages.ts';

/**
 * The Schedule that sends the staff their digest, every day; every worker may ask for it. One that is there follows the policy.
 * @param at `HH:MM` in Asia/Shanghai
 */
export async function ensureDigestSchedule(connection: ConnectionLike, namespace: string, at: string): Promise<void> {
  const { schedule } = new Client({ connection, namespace });
  const [hour, minute] = at.split(':').map(Number) as [number, number];
  const scheduleId = 'digest';
  const wanted = {
    spec: { calendars: [{ hour, minute }], timezone: 'Asia/Shanghai' },
    // Where the server was down at that time, a digest of the same office day is better than none.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '8 hours' as const },
    action: { type: 'startWorkflow' as const, workflowType: digest, taskQueue },
  };
  try {
    await schedule.create({ scheduleId, ...wanted });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await schedule.getHandle(scheduleId).update(({ state }) => ({ state, ...wanted }));
  }
}
