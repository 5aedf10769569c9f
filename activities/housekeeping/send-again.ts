import { type Client, WorkflowNotFoundError, WorkflowUpdateStage } from '@temporalio/client';
import type { Unheard } from './history.ts';

/** In this time a worker has taken them, unless none runs. */
const WAIT_MS = 20_000;

/**
 * Sends messages again to a workflow that was begun again a moment ago: Temporal had taken them for the run before, and
 * some of their senders were told so. They keep their order, and Updates their ids. One that doesn't fit any more is
 * refused, and nobody is there to hear it.
 * @throws where one could not be sent; the others were, as far as they could
 */
export async function sendAgain(client: Client, workflowId: string, messages: Unheard[]): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const failures: unknown[] = [];
  await client.withDeadline(Date.now() + WAIT_MS, async () => {
    for (const { name, args, updateId } of messages) {
      const sending: Promise<unknown> =
        updateId === undefined
          ? handle.signal(name, ...args)
          : handle.startUpdate(name, { args: args as [unknown], updateId, waitForStage: WorkflowUpdateStage.ACCEPTED });
      await sending.catch((error) => failures.push(error));
    }
  });
  // It may have ended with one of them: then there is nothing left to be done.
  const failure = failures.find((error) => !(error instanceof WorkflowNotFoundError));
  if (failure) throw failure;
}
