import { type Client, WorkflowNotFoundError, type WorkflowStartOptions } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { KeptRow, KeptType } from '../../store/housekeeping/kept-rows.ts';
import { searchAttributes } from '../../workflows/messages.ts';

/**
 * What Temporal has under a workflow's id, at this moment (visibility, which `running` and the lists ask, comes a
 * little later).
 */
export interface Execution {
  /** `none`: nothing was ever begun, or it was deleted. */
  state: 'none' | 'running' | 'completed' | 'ended';
  /** How it ended, where that wasn't by itself: terminated, canceled, failed, timed out. */
  how: string;
  runId: string;
  /** Instant; undefined while it runs. */
  closedAt: string | undefined;
  /** What it shows as its status. */
  shows: string | undefined;
}

export async function findExecution({ workflow }: Client, workflowId: string): Promise<Execution> {
  try {
    const { status, runId, closeTime, typedSearchAttributes: shown } = await workflow.getHandle(workflowId).describe();
    const states = { RUNNING: 'running', COMPLETED: 'completed' } as const;
    // `paused` and whatever comes next: somebody has it in hand.
    const state = ended.includes(status.name) ? 'ended' : (states[status.name as keyof typeof states] ?? 'running');
    const [closedAt, shows] = [closeTime?.toISOString(), shown.get(searchAttributes.caseStatus)];
    return { state, how: status.name, runId, closedAt, shows };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      return { state: 'none', how: 'NOT_FOUND', runId: '', closedAt: undefined, shows: undefined };
    throw error;
  }
}

const ended = ['TERMINATED', 'CANCELLED', 'FAILED', 'TIMED_OUT'];

/**
 * The ids of those rows whose workflow runs and shows in Temporal what the row says, as far as visibility knows by now.
 */
export async function runningAlike({ workflow }: Client, rows: KeptRow[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const alike = new Set<string>();
  const query = `ExecutionStatus = 'Running' and WorkflowId in (${rows.map(({ id }) => `'${id}'`).join(', ')})`;
  for await (const { workflowId, typedSearchAttributes: shown } of workflow.list({ query, pageSize: PAGE })) {
    const row = byId.get(workflowId);
    const { caseStatus, escalationLevel } = searchAttributes;
    const level = row?.escalationLevel ?? undefined;
    const isAlike = shown.get(caseStatus) === row?.status && shown.get(escalationLevel) === level;
    if (isAlike) alike.add(workflowId);
  }
  return alike;
}

/** As many as Temporal answers at once. */
const PAGE = 1000;

/** How many workflows of a type run, as far as visibility knows by now. */
export async function countRunning({ workflow }: Client, type: KeptType): Promise<number> {
  return (await workflow.count(`ExecutionStatus = 'Running' and WorkflowType = '${type}'`)).count;
}

/**
 * Workflows that somebody or something has ended since an instant, before they would have by themselves: the ids of the
 * latest, by type.
 */
export async function endedLately<Type extends string>(
  { workflow }: Client,
  types: readonly Type[],
  since: string,
): Promise<Record<Type, string[]>> {
  const ids = Object.fromEntries(types.map((type) => [type, [] as string[]])) as Record<Type, string[]>;
  const anyOf = (names: readonly string[]) => `(${names.map((name) => `'${name}'`).join(', ')})`;
  const how = anyOf(['Terminated', 'Canceled', 'Failed', 'TimedOut']);
  const query = `WorkflowType in ${anyOf(types)} and ExecutionStatus in ${how} and CloseTime > '${since}'`;
  let listed = 0;
  for await (const { workflowId, type } of workflow.list({ query, pageSize: PAGE })) {
    ids[type as Type].push(workflowId);
    listed += 1;
    if (listed === PAGE) break;
  }
  return ids;
}

/**
 * The executions of a type that run or have ended by themselves, as far as visibility knows and keeps them; some at a
 * time.
 */
export async function* listExecutions({ workflow }: Client, type: KeptType): AsyncGenerator<Listed[]> {
  const query = `WorkflowType = '${type}' and ExecutionStatus in ('Running', 'Completed')`;
  let some: Listed[] = [];
  for await (const { workflowId: id, status } of workflow.list({ query, pageSize: PAGE })) {
    some.push({ id, running: status.name === 'RUNNING' });
    if (some.length < PAGE) continue;
    yield some;
    some = [];
  }
  yield some;
}

export interface Listed {
  id: string;
  running: boolean;
}

/** Starts a workflow by its type's name. @returns false where it runs already, or its id may not be used again */
export async function begin({ workflow }: Client, type: string, options: WorkflowStartOptions): Promise<boolean> {
  try {
    await workflow.start(type, options);
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
