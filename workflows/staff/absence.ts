import { proxyActivities, setCurrentDetails, setHandler, sleep } from '@temporalio/workflow';
import type { AbsenceActivities, OutwardActivities } from '../../activities/contract.ts';
import { shanghaiMinute } from '../../domain/dates.ts';
import { reads } from '../activities.ts';
import { type AbsenceProgress, type AbsenceStart, absenceProgress } from '../messages.ts';
import { uncancellable } from '../uncancellable.ts';

/** Cases may be slow to answer while the store is down, and the other cases of their slice wait for them. */
const outward = proxyActivities<OutwardActivities & AbsenceActivities>({
  startToCloseTimeout: '60s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
});

/**
 * One absence (不在岗) of a reviewer, or their departure (离岗): when it begins, all their open cases go to whoever takes over. What was entered is
 * read again before each step, so an absence that was changed or ended meanwhile hands over nothing more. The changed
 * one has a workflow of its own.
 */
export async function absence({ absenceId }: AbsenceStart): Promise<AbsenceProgress> {
  const progress: AbsenceProgress = { state: 'planned', handedOver: 0, left: [] };
  setHandler(absenceProgress, () => progress);
  await uncancellable(() => waitAndHandOver(absenceId, progress));
  return progress;
}

async function waitAndHandOver(absenceId: string, progress: AbsenceProgress): Promise<void> {
  const { beginsAt } = await outward.beginAbsence.executeWithOptions({ summary: '登记不在岗' }, [{ absenceId }]);
  setCurrentDetails(`**待移交** · ${shanghaiMinute(beginsAt)} 起不在岗`);
  const wait = Date.parse(beginsAt) - Date.now();
  if (wait > 0) await sleep(wait, { summary: `不在岗开始 ${shanghaiMinute(beginsAt)}` });
  progress.state = (await handOverAll(absenceId, progress)) ? 'handedOver' : 'dropped';
  const { state, ...handover } = progress;
  if (state === 'handedOver') {
    await outward.recordHandover.executeWithOptions({ summary: '记录移交结果' }, [{ absenceId, handover }]);
  }
  setCurrentDetails(inWords(progress));
}

/** @returns false where the absence doesn't stand any more */
async function handOverAll(absenceId: string, progress: AbsenceProgress): Promise<boolean> {
  let after: string | null = null;
  for (;;) {
    const question = { absenceId, now: new Date().toISOString(), after };
    const slice = await reads.findCasesOfAbsent.executeWithOptions({ summary: '查找在办申请' }, [question]);
    if (!slice) return false;
    const { acceptanceNumbers, to, by } = slice;
    if (acceptanceNumbers.length === 0) return true;
    const summary = `移交 ${acceptanceNumbers.length} 件${to === null ? ',不指定承办人' : `给 ${to}`}`;
    const done = await outward.reassign.executeWithOptions({ summary }, [{ absenceId, acceptanceNumbers, to, by }]);
    progress.handedOver += done.handedOver;
    progress.left.push(...done.left);
    after = acceptanceNumbers.at(-1) as string;
  }
}

/** For Temporal Web (Markdown). */
function inWords({ state, handedOver, left }: AbsenceProgress): string {
  const outcome = state === 'dropped' ? '不在岗已变更或结束,不再移交' : '已移交';
  return `**${outcome}** · 移交 ${handedOver} 件,须另行指派 ${left.length} 件`;
}
