import {
  Client,
  type ConnectionLike,
  ScheduleAlreadyRunning,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import type { NativeConnection } from '@temporalio/worker';
import { briefing, housekeeping, retention } from '../workflows/index.ts';
import { housekeepingQueue, searchAttributes } from '../workflows/messages.ts';

/**
 * Makes the search attributes known to a namespace; adding one that exists changes nothing. The dev server, the tests
 * and the production cluster all get them from here.
 */
export async function ensureSearchAttributes(
  { operatorService }: Pick<NativeConnection, 'operatorService'>,
  namespace: string,
): Promise<void> {
  const types = Object.values(searchAttributes).map(({ name, type }) => {
    return [name, encodeSearchAttributeIndexedValueType(type) as number] as const;
  });
  await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(types) });
}

/** The hours that a Schedule's workflow depends on. */
export interface ScheduleTimes {
  /** `HH:MM` in Asia/Shanghai. */
  briefingAt: string;
  retentionAt: string;
}

/** Every Schedule, by its id. Of each one workflow runs at a time. */
function schedules(times: ScheduleTimes): Record<string, Omit<ScheduleOptions, 'scheduleId'>> {
  const overlap = ScheduleOverlapPolicy.SKIP;
  const startWorkflow = { type: 'startWorkflow', taskQueue: housekeepingQueue } as const;
  return {
    // It makes a pass each minute by itself for four hours. One that is gone, however it ended, is followed by the next
    // within a minute; one that stands still (broken code) is over after five hours.
    housekeeping: {
      spec: { intervals: [{ every: '1 minute' }] },
      policies: { overlap, catchupWindow: '1 minute' },
      action: {
        ...startWorkflow,
        workflowType: housekeeping,
        workflowId: 'housekeeping',
        workflowRunTimeout: '5 hours',
        staticSummary: '核对数据库与流程,查询短信回执',
        args: [],
      },
    },
    briefing: {
      spec: daily(times.briefingAt),
      // Where the server was down at that time, a briefing of the same office day is better than none.
      policies: { overlap, catchupWindow: '8 hours' },
      action: {
        ...startWorkflow,
        workflowType: briefing,
        workflowId: 'briefing',
        staticSummary: '工作人员汇总邮件',
        args: [],
      },
    },
    retention: {
      spec: daily(times.retentionAt),
      policies: { overlap, catchupWindow: '8 hours' },
      action: {
        ...startWorkflow,
        workflowType: retention,
        workflowId: 'retention',
        // One that stands still (broken code) is over before the next day's.
        workflowRunTimeout: '20 hours',
        staticSummary: '清理到期的个人信息',
        args: [],
      },
    },
  };
}

/** @param time `HH:MM` in Asia/Shanghai */
function daily(time: string): ScheduleOptions['spec'] {
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  return { calendars: [{ hour, minute }], timezone: 'Asia/Shanghai' };
}

/**
 * Creates the Schedules, and has those that are there do what the code and the policy say; every worker may ask for it.
 */
export async function ensureSchedules(
  connection: ConnectionLike,
  namespace: string,
  times: ScheduleTimes,
): Promise<void> {
  const { schedule } = new Client({ connection, namespace });
  for (const [scheduleId, wanted] of Object.entries(schedules(times))) {
    try {
      await schedule.create({ scheduleId, ...wanted });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      // Whoever paused it also resumes it.
      await schedule.getHandle(scheduleId).update(({ state }) => ({ ...wanted, state }) as never);
    }
  }
}
