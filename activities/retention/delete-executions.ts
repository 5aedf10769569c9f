import { setTimeout as wait } from 'node:timers/promises';
import { type Client, isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';

/**
 * Temporal deletes behind its answer, and what has closed just now only once that is through, which it looks at again
 * after longer and longer times. Where something is still there after this time, the next run goes on.
 */
const PATIENCE_MS = 120_000;
const [SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS] = [200, 3_000];

/** gRPC's NOT_FOUND. */
const NOT_FOUND = 5;

/**
 * Deletes all runs of the workflow with this id, and of all whose ids begin with it, as those of its notifications do;
 * one that still runs is ended by that. Temporal then knows nothing of them any more, histories included.
 * @param ids of workflows that visibility may not list yet
 * @throws Error where something is left
 */
export async function deleteExecutions(client: Client, id: string, ids: string[]): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    let left = 0;
    const runs = [...(await listed(client, id)), ...(await latest(client, [id, ...ids]))];
    for (const run of new Map(runs.map((one) => [one.runId, one])).values())
      if (await deleteOne(client, run)) left += 1;
    if (left === 0) return;
    if (Date.now() > until) throw new Error(`${left} executions are still there`);
    await wait(pause);
  }
}

interface Run {
  workflowId: string;
  runId: string;
}

async function listed({ workflow }: Client, id: string): Promise<Run[]> {
  const runs: Run[] = [];
  const query = `WorkflowId STARTS_WITH '${id}'`;
  for await (const { workflowId, runId } of workflow.list({ query })) runs.push({ workflowId, runId });
  return runs;
}

async function latest({ workflow }: Client, ids: string[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (const workflowId of ids) {
    const found = await workflow
      .getHandle(workflowId)
      .describe()
      .catch((error) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
    if (found) runs.push({ workflowId, runId: found.runId });
  }
  return runs;
}

/**
 * @returns false where it is gone: visibility, which holds ids and search attributes only, may go on listing it for a
 * while
 */
async function deleteOne({ workflowService, options }: Client, workflowExecution: Run): Promise<boolean> {
  const request = { namespace: options.namespace, workflowExecution };
  return workflowService.deleteWorkflowExecution(request).then(
    () => true,
    (error) => {
      if (isGrpcServiceError(error) && error.code === NOT_FOUND) return false;
      throw error;
    },
  );
}
