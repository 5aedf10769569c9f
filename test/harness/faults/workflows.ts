import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type * as workflows from '../../../workflows/index.ts';
import { type Progress, progress, searchAttributes } from '../../../workflows/messages.ts';
import type { Finding } from './finding.ts';
import type { Stack } from './stack.ts';

const QUERY_MS = 10_000;

/** A case's workflow, as Temporal has it. */
export type Execution =
  | { found: false }
  | {
      found: true;
      state: string;
      runId: string;
      caseStatus: string | undefined;
      /** Undefined where the workflow has ended, or answers nothing. */
      progress: Progress | undefined;
      /** Tries of the workflow task, and of the activity that was tried most often. */
      taskTries: number;
      activityTries: number;
      /** Something is under way. */
      busy: boolean;
    };

/** What Temporal has under a workflow id. */
export async function executionOf(client: Client, workflowId: string): Promise<Execution> {
  const handle = client.workflow.getHandle(workflowId);
  const described = await handle.describe().catch((error) => {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  });
  if (!described) return { found: false };
  const { status, runId, typedSearchAttributes, raw } = described;
  const running = status.name === 'RUNNING';
  const askProgress = () => client.withDeadline(Date.now() + QUERY_MS, () => handle.query(progress));
  return {
    found: true,
    state: status.name,
    runId,
    caseStatus: typedSearchAttributes.get(searchAttributes.caseStatus),
    progress: running ? await askProgress().catch(() => undefined) : undefined,
    taskTries: raw.pendingWorkflowTask?.attempt ?? 0,
    busy: Boolean(raw.pendingWorkflowTask) || (raw.pendingActivities ?? []).length > 0,
    activityTries: Math.max(0, ...(raw.pendingActivities ?? []).map(({ attempt }) => attempt ?? 0)),
  };
}

/** What doesn't go on by now. */
export function troublesOf(execution: Execution): string[] {
  if (!execution.found) return [];
  const { taskTries, activityTries } = execution;
  return [
    ...(taskTries > 1 ? [`the workflow task is at its try ${taskTries}`] : []),
    ...(activityTries > 1 ? [`an activity is at its try ${activityTries}`] : []),
  ];
}

/** Housekeeping that fails is followed by the Schedule's next run; these are followed by nothing. */
const lasting: string[] = [
  'application',
  'accreditation',
  'absence',
  'calendarChange',
  'delivery',
  'dispatchNotification',
] satisfies (keyof typeof workflows)[];

/** Workflows that have failed, or whose task fails: none should, whatever they are about. */
export function failedWorkflows(stack: Stack): Promise<Finding[]> {
  return stack.withTemporal(async (client) => {
    const findings: Finding[] = [];
    const query = "ExecutionStatus = 'Failed' or ExecutionStatus = 'TimedOut'";
    for await (const { workflowId, type, status } of client.workflow.list({ query })) {
      if (!lasting.includes(type)) continue;
      findings.push({ kind: 'stuck', about: workflowId, what: `${type} is ${status.name}` });
    }
    // An accreditation has a try of its own, apart from its case's.
    for await (const { workflowId } of client.workflow.list({
      query: "ExecutionStatus = 'Running' and WorkflowType = 'accreditation'",
    })) {
      const execution = await executionOf(client, workflowId);
      for (const what of troublesOf(execution)) findings.push({ kind: 'stuck', about: workflowId, what });
    }
    return findings;
  });
}
