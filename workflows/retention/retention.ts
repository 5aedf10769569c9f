import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { RetainedCounts, RetentionActivities } from '../../activities/contract.ts';
import { uncancellable } from '../uncancellable.ts';

/** What is left after so many batches is done on the following days: a history has to stay one that people can read. */
const BATCHES = 200;

/**
 * A batch takes seconds. One whose worker was killed is given up soon and done again, which harms nothing; one that
 * fails all the same is left to the next day.
 */
const { retain } = proxyActivities<RetentionActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '15s',
  retry: { initialInterval: '10s', backoffCoefficient: 2, maximumInterval: '10 minutes', maximumAttempts: 10 },
  // After housekeeping, and after everything that is tried again in its own time.
  priority: { priorityKey: 5 },
});

/**
 * Retention (保存期限): erases what is to be kept no longer by the policy, in batches, until nothing is left. Begun by a
 * Schedule once a day.
 * @returns how much it has erased
 */
export async function retention(): Promise<RetainedCounts> {
  return uncancellable(eraseAll);
}

async function eraseAll(): Promise<RetainedCounts> {
  const began = workflowInfo().startTime.toISOString();
  let total: RetainedCounts | undefined;
  for (let batch = 1; ; batch += 1) {
    const summary = `清理到期信息,第 ${batch} 批`;
    const { counts, more } = await retain.executeWithOptions({ summary }, [{ began, first: batch === 1 }]);
    total = total ? added(total, counts) : counts;
    setCurrentDetails(inWords(total));
    if (!more || batch >= BATCHES) return total;
  }
}

function added(total: RetainedCounts, counts: RetainedCounts): RetainedCounts {
  const names = Object.keys(total) as (keyof RetainedCounts)[];
  return Object.fromEntries(names.map((name) => [name, total[name] + counts[name]])) as unknown as RetainedCounts;
}

/** For Temporal Web (Markdown). */
function inWords({ cases, accreditations, inbox, notifications, requests, failed }: RetainedCounts): string {
  return (
    `**已清理** 申请 ${cases} 件 · 认定 ${accreditations} 项 · 消息 ${inbox + notifications} 条 · 请求 ${requests} 个` +
    (failed > 0 ? ` · 失败 ${failed} 个(次日再试)` : '')
  );
}
