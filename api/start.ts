import {
  type Client,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { type Workflow, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { absence, application, calendarChange, handOverMessage } from '../workflows/index.ts';
import {
  type AbsenceStart,
  type ApplicationStart,
  absenceOptions,
  applicationOptions,
  type CalendarChangeStart,
  calendarChangeOptions,
  type HandOverMessageStart,
  handOverMessageOptions,
} from '../workflows/messages.ts';

/** How long a request waits for Temporal before it answers without it. */
export const TEMPORAL_WAIT_MS = 5_000;

/** Starts a case's workflow, or does nothing if it has been started: the workflow id is the acceptance number. */
export function startApplication(temporal: Client, start: ApplicationStart): Promise<void> {
  return startOnce<typeof application>(temporal, 'application', { ...applicationOptions(start), args: [start] });
}

/** Starts telling the open cases of a calendar, or does nothing if that has been started: the workflow id names the version. */
export function startCalendarChange(temporal: Client, start: CalendarChangeStart): Promise<void> {
  return startOnce<typeof calendarChange>(temporal, 'calendarChange', {
    ...calendarChangeOptions(start.version),
    args: [start],
  });
}

/** Starts what an absence brings, or does nothing if that has been started. */
export function startAbsence(temporal: Client, start: AbsenceStart): Promise<void> {
  return startOnce<typeof absence>(temporal, 'absence', { ...absenceOptions(start), args: [start] });
}

/** Starts handing over a message that no case's workflow knows of, or does nothing if that has been started. */
export function startHandOver(temporal: Client, start: HandOverMessageStart): Promise<void> {
  const options = { ...handOverMessageOptions(start), args: [start] as [HandOverMessageStart] };
  return startOnce<typeof handOverMessage>(temporal, 'handOverMessage', options);
}

async function startOnce<T extends Workflow>(temporal: Client, type: string, options: WorkflowStartOptions<T>) {
  try {
    await temporal.withDeadline(Date.now() + TEMPORAL_WAIT_MS, () =>
      temporal.workflow.start<T>(type, {
        ...options,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
