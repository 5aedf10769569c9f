import { patched, proxyLocalActivities, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import type { AbsenceActivities, StoreActivities } from '../activities/contract.ts';
import { absence } from './absence.ts';
import { accreditation } from './accreditation.ts';
import { application } from './application.ts';
import { calendarChange } from './calendar-change.ts';
import { handOverMessage } from './hand-over-message.ts';
import {
  absenceOptions,
  accreditationOptions,
  applicationOptions,
  calendarChangeOptions,
  handOverMessageOptions,
} from './messages.ts';
import { apart, isNew, onceApart, startEach } from './start-once.ts';

/** A run that fails is followed by the Schedule's next one, so it gives up soon. */
const store = proxyLocalActivities<StoreActivities & AbsenceActivities>({
  startToCloseTimeout: '30s',
  retry: { maximumAttempts: 3 },
});

/**
 * Starts the workflows of what was written down but never started, because the api died between the two: applications that were
 * filed, accreditations that were imported or granted, absences that were entered, messages about a new phone, and a calendar that was
 * published. Run by a Schedule.
 * @returns how many applications, accreditations, absences and messages it started
 */
export async function reconcile(): Promise<number> {
  const now = new Date().toISOString();
  const unstarted = await store.findUnstarted.executeWithOptions({ summary: '查找未启动的申请' }, [{ now }]);
  const started = await startEach(unstarted, (start) =>
    startChild(application, { ...applicationOptions(start), ...onceApart, args: [start] }),
  );
  const { version, next } = await store.findUnheard.executeWithOptions({ summary: '查找待通知的申请' }, [
    { after: null },
  ]);
  if (next) {
    // One that an operator ended is begun again: the cases still have to hear.
    const options = { ...calendarChangeOptions(version), ...apart, workflowIdReusePolicy: ALLOW_DUPLICATE_FAILED_ONLY };
    await isNew(startChild(calendarChange, { ...options, args: [{ version }] }));
  }
  return started + (await startAccreditations(now)) + (await startAbsences(now)) + (await startHandingOver(now));
}

/** Those that were imported, or whose start was lost. */
async function startAccreditations(now: string): Promise<number> {
  // Runs begun before there were accreditations don't know of them.
  if (!patched('accreditations')) return 0;
  const summary = '查找未启动的认定';
  const unstarted = await store.findUnstartedAccreditations.executeWithOptions({ summary }, [{ now }]);
  return startEach(unstarted, (start) =>
    startChild(accreditation, { ...accreditationOptions(start), ...onceApart, args: [start] }),
  );
}

async function startAbsences(now: string): Promise<number> {
  // Runs begun before there were absences don't know of them.
  if (!patched('absences')) return 0;
  const summary = '查找未启动的移交';
  const unstarted = await store.findUnstartedAbsences.executeWithOptions({ summary }, [{ now }]);
  return startEach(unstarted, (absenceId) =>
    startChild(absence, { ...absenceOptions({ absenceId }), ...onceApart, args: [{ absenceId }] }),
  );
}

async function startHandingOver(now: string): Promise<number> {
  // Runs begun before messages were looked for don't know of them.
  if (!patched('sealedMessages')) return 0;
  const queued = await store.findQueuedSealed.executeWithOptions({ summary: '查找未发出的更换手机号短信' }, [{ now }]);
  return startEach(queued, (start) =>
    startChild(handOverMessage, { ...handOverMessageOptions(start), ...onceApart, args: [start] }),
  );
}

const { ALLOW_DUPLICATE_FAILED_ONLY } = WorkflowIdReusePolicy;
