import { proxyActivities, setCurrentDetails, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import type {
  HousekeepingActivities,
  OutwardActivities,
  Reconciled,
  SweepActivities,
  Walk,
} from '../activities/contract.ts';
import { type HousekeepingProgress, type HousekeepingStart, housekeepingProgress } from './messages.ts';
import { uncancellable } from './uncancellable.ts';

/**
 * Four hours of passes, as many as a history has room for: a few executions a day, and each is short enough to be read.
 */
const PASSES = 240;

/**
 * What fails is done by the next pass, which must not wait for it: an attempt whose worker was killed is given up
 * within seconds. Everything else on this queue goes after a pass.
 */
const options = { heartbeatTimeout: '15s', retry: { maximumAttempts: 1 }, priority: { priorityKey: 1 } } as const;
const keeping = proxyActivities<HousekeepingActivities>({ startToCloseTimeout: '2 minutes', ...options });
/** May have to look at every file there is. */
const sweeping = proxyActivities<SweepActivities>({
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '15s',
  retry: { maximumAttempts: 1 },
});
const outward = proxyActivities<OutwardActivities>({ startToCloseTimeout: '5 minutes', ...options });

/**
 * Housekeeping: each minute, brings together what has come apart between store and Temporal, asks for receipts that are
 * due, and has somebody take care of 短信 that haven't arrived; once, it sweeps the uploaded files. One at a time, begun
 * by a Schedule; it ends by itself, and the Schedule begins the next within a minute, as it does when an operator ends
 * one.
 */
export async function housekeeping({ passes = PASSES }: HousekeepingStart = {}): Promise<HousekeepingProgress> {
  const progress: HousekeepingProgress = { passes: 0, mended: 0, failed: 0 };
  setHandler(housekeepingProgress, () => progress);
  await uncancellable(() => keepHouse(progress, passes));
  return progress;
}

async function keepHouse(progress: HousekeepingProgress, passes: number): Promise<void> {
  let walk: Walk = { application: null, accreditation: null };
  let following: Promise<void> | undefined;
  const swept = noting(progress, sweeping.sweepFiles.executeWithOptions({ summary: '清理没有提交的文件' }, []));
  for (;;) {
    const pass = keeping.reconcile.executeWithOptions({ summary: '核对数据库与流程' }, [{ walk }]);
    const reconciled = await noting(progress, pass);
    walk = reconciled?.walk ?? walk;
    progress.mended += reconciled?.mended ?? 0;
    progress.passes += 1;
    // Beside the passes: providers may be slow to answer.
    following ??= follow(progress, reconciled?.due).finally(() => {
      following = undefined;
    });
    setCurrentDetails(inWords(progress));
    if (progress.passes >= passes || workflowInfo().continueAsNewSuggested) break;
    await sleep('1 minute', { summary: '下一次核对' });
  }
  await following;
  await swept;
}

/** @param due nothing where nobody knows */
async function follow(
  progress: HousekeepingProgress,
  due: Reconciled['due'] = { receipts: true, deliveries: true },
): Promise<void> {
  if (due.receipts) await noting(progress, outward.askReceipts.executeWithOptions({ summary: '查询短信回执' }, []));
  if (!due.receipts && !due.deliveries) return;
  const begun = keeping.beginDeliveries.executeWithOptions({ summary: '跟进未送达的短信' }, []);
  progress.mended += (await noting(progress, begun)) ?? 0;
}

/** @returns nothing where it failed */
async function noting<T>(progress: HousekeepingProgress, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch {
    progress.failed += 1;
    return undefined;
  }
}

/** For Temporal Web (Markdown). */
function inWords({ passes, mended, failed }: HousekeepingProgress): string {
  return `**第 ${passes} 次核对** · 补启动或修复 ${mended} 项 · 未完成的步骤 ${failed} 个(由下一次补做)`;
}
