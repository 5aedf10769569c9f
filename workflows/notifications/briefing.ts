import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { BriefingActivities } from '../../activities/contract.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { reads } from '../activities.ts';
import { uncancellable } from '../uncancellable.ts';

/** Tried within the office's day. What hasn't left by then goes with the next briefing. */
const outward = proxyActivities<Pick<BriefingActivities, 'sendBriefing'>>({
  startToCloseTimeout: '45s',
  scheduleToCloseTimeout: '8 hours',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m' },
});

/**
 * The briefing (汇总邮件) of a working day: one mail to each of the staff with all that waits for them, however many cases.
 * On a day off nobody gets one, and what waits goes with the next. A Schedule runs it; its day is the day on which it
 * was started.
 * @returns for how many of the staff a briefing was composed; those of them whose notifications were all overtaken or
 * handed on get none
 */
export async function briefing(): Promise<number> {
  return uncancellable(() => sendAll(shanghaiDate(workflowInfo().startTime.toISOString())));
}

async function sendAll(date: string): Promise<number> {
  const readers = await reads.findBriefingReaders.executeWithOptions({ summary: '查找待汇总的工作人员' }, [{ date }]);
  const outcomes = await Promise.allSettled(
    readers.map((recipient) =>
      outward.sendBriefing.executeWithOptions({ summary: `汇总邮件:${recipient}` }, [{ recipient, date }]),
    ),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return readers.length;
}
