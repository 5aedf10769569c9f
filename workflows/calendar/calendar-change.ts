import { continueAsNew, proxyActivities, setCurrentDetails, setHandler, sleep } from '@temporalio/workflow';
import type { OutwardActivities, UnheardCursor } from '../../activities/contract.ts';
import { reads } from '../activities.ts';
import { type CalendarChangeProgress, type CalendarChangeStart, calendarChangeProgress } from '../messages.ts';
import { uncancellable } from '../uncancellable.ts';

/**
 * Temporal may be slow, but it comes back. Until then the cases don't hear of the new calendar, but they ask for their
 * dates before they act, so nothing else has to tell them.
 */
const outward = proxyActivities<OutwardActivities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
});

/** Cases a run tells before it goes on in a new one, so that its history stays short enough to be read. */
const CASES_PER_RUN = 500;

interface Carried {
  progress: CalendarChangeProgress;
  after: UnheardCursor | null;
}

/**
 * Tells the open cases of a new calendar: first those whose dates came earlier, and in each second no more than the
 * policy allows. The dates themselves were recomputed when the calendar was published. A case that hasn't heard yet
 * asks again before it acts, so it never acts too early.
 * One publication, one workflow: its id names the version. It ends when a newer calendar is in force, whose own
 * workflow also tells the cases that haven't heard of this one.
 */
export async function calendarChange(
  { version }: CalendarChangeStart,
  carried: Carried = { progress: begun(version), after: null },
): Promise<CalendarChangeProgress> {
  setHandler(calendarChangeProgress, () => carried.progress);
  return uncancellable(() => tellAll(version, carried));
}

async function tellAll(version: number, { progress, after }: Carried): Promise<CalendarChangeProgress> {
  for (let handled = 0; handled < CASES_PER_RUN; ) {
    const unheard = await reads.findUnheard.executeWithOptions({ summary: '查找待通知的申请' }, [{ after }]);
    progress.total ??= unheard.waiting;
    if (unheard.version !== version) return ended(progress, { state: 'superseded', supersededBy: unheard.version });
    if (unheard.next === null) return ended(progress, { state: 'done' });
    const { acceptanceNumbers } = unheard;
    const second = sleep('1s', { summary: '每秒限量' });
    const options = { summary: `通知 ${acceptanceNumbers.length} 件` };
    const heard = await outward.tell.executeWithOptions(options, [{ acceptanceNumbers, version }]);
    progress.signalled += heard;
    progress.ended += acceptanceNumbers.length - heard;
    handled += acceptanceNumbers.length;
    after = unheard.next;
    setCurrentDetails(inWords(progress));
    await second;
  }
  return continueAsNew<typeof calendarChange>({ version }, { progress, after });
}

function begun(version: number): CalendarChangeProgress {
  return { version, state: 'running', total: null, signalled: 0, ended: 0 };
}

function ended(progress: CalendarChangeProgress, outcome: Partial<CalendarChangeProgress>): CalendarChangeProgress {
  Object.assign(progress, outcome);
  setCurrentDetails(inWords(progress));
  return progress;
}

const states = { running: '通知中', done: '已完成', superseded: '已被更新的安排取代' };

/** For Temporal Web (Markdown). */
function inWords({ version, state, total, signalled, ended: closed }: CalendarChangeProgress): string {
  return `**${states[state]}** · 放假安排第 ${version} 版\n\n已通知 ${signalled} / ${total} 件,其间办结 ${closed} 件`;
}
