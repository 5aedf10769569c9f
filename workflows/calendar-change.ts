import {
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type { StoreActivities, UnheardCursor } from '../activities/contract.ts';
import { type CalendarChangeProgress, type CalendarChangeStart, calendarChangeProgress, messages } from './messages.ts';

const store = proxyLocalActivities<StoreActivities>({
  startToCloseTimeout: '30s',
  localRetryThreshold: '1s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '60s' },
});

/** Signals a run sends before it goes on in a new one: each is three events of its history. */
const SIGNALS_PER_RUN = 500;

interface Carried {
  progress: CalendarChangeProgress;
  after: UnheardCursor | null;
}

/**
 * Tells the open cases of a new calendar: those whose dates came earlier first, no more a second than the policy allows. The dates
 * themselves were recomputed when it was published; a case that hasn't heard yet asks again before it acts, so it never acts too early.
 * One publication, one workflow: its id names the version. It ends when a newer calendar is in force, whose own workflow also
 * tells those who haven't heard of this one.
 */
export async function calendarChange(
  { version }: CalendarChangeStart,
  carried: Carried = { progress: begun(version), after: null },
): Promise<CalendarChangeProgress> {
  const { progress } = carried;
  let { after } = carried;
  setHandler(calendarChangeProgress, () => progress);
  for (let sent = 0; sent < SIGNALS_PER_RUN; ) {
    const unheard = await store.findUnheard.executeWithOptions({ summary: '查找待通知的申请' }, [{ after }]);
    progress.total ??= unheard.waiting;
    if (unheard.version !== version) return ended(progress, { state: 'superseded', supersededBy: unheard.version });
    if (unheard.next === null) return ended(progress, { state: 'done' });
    const { acceptanceNumbers } = unheard;
    const second = sleep('1s', { summary: `本秒通知 ${acceptanceNumbers.length} 件` });
    const heard = (await Promise.all(acceptanceNumbers.map((one) => tell(one, version)))).filter(Boolean).length;
    progress.signalled += heard;
    progress.ended += acceptanceNumbers.length - heard;
    sent += acceptanceNumbers.length;
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

/** @returns false where the case has ended since the list was read */
async function tell(acceptanceNumber: string, version: number): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(acceptanceNumber).signal(messages.calendarChanged.signal, { version });
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return false;
  }
}

const states = { running: '通知中', done: '已完成', superseded: '已被更新的安排取代' };

/** For Temporal Web (Markdown). */
function inWords({ version, state, total, signalled, ended: closed }: CalendarChangeProgress): string {
  return `**${states[state]}** · 放假安排第 ${version} 版\n\n已通知 ${signalled} / ${total} 件,其间办结 ${closed} 件`;
}
