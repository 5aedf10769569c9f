import { createHash } from 'node:crypto';
import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateStage } from '@temporalio/client';
import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common';
import type { Status } from '../domain/application.ts';
import type { Message } from '../domain/messages.ts';
import { statusNames } from '../domain/names.ts';
import { messages, type Progress } from '../workflows/messages.ts';
import { Problem, problems } from './errors.ts';
import { TEMPORAL_WAIT_MS } from './start.ts';

/** `done`: the change is in the store. `accepted`: Temporal has it and it will be, but not within the wait. */
export type Sent = 'done' | 'accepted';

/**
 * The id of an Update: who sends which message to which case under which key. Temporal answers another Update with the same id
 * with the first one's result, so everything that tells two requests apart goes in.
 */
export function updateId(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * Sends a message to a case and waits for its effect, up to five seconds in all.
 * @throws Problem 409 where it doesn't fit the case; 503 where Temporal hasn't accepted it
 */
export async function sendMessage(
  temporal: Client,
  acceptanceNumber: string,
  message: Message,
  id: string,
): Promise<Sent> {
  const deadline = Date.now() + TEMPORAL_WAIT_MS;
  const handle = temporal.workflow.getHandle(acceptanceNumber);
  try {
    const update = await temporal.withDeadline(deadline, () =>
      handle.startUpdate(messages[message.name].update as UpdateDefinition<Progress, [unknown]>, {
        args: [message.payload],
        updateId: id,
        waitForStage: WorkflowUpdateStage.ACCEPTED,
      }),
    );
    return await firstOf(update.result(), deadline - Date.now());
  } catch (error) {
    throw asProblem(error);
  }
}

/** The result, or `accepted` when the time is over; a failure that comes later is nobody's any more. */
async function firstOf(result: Promise<Progress>, milliseconds: number): Promise<Sent> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Sent>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, milliseconds), 'accepted');
  });
  result.catch(() => undefined);
  return Promise.race([result.then((): Sent => 'done'), late]).finally(() => clearTimeout(timer));
}

function asProblem(error: unknown): unknown {
  if (error instanceof WorkflowNotFoundError) return conflict();
  if (!(error instanceof WorkflowUpdateFailedError)) return problems.unavailable();
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return problems.unavailable();
  const [details] = (cause.details ?? []) as [{ status?: Status; fields?: string[] } | undefined];
  if (cause.type === 'Conflict') return conflict(details?.status);
  const fields = details?.fields ?? [];
  return problems.invalid(fields.map((field) => ({ field, code: 'invalid', detail: '内容有误,请核对。' })));
}

/** Two decisions at once: one wins, the other is told. */
function conflict(status?: Status): Problem {
  const now = status ? `目前状态为“${statusNames[status]}”,` : '已经办结或刚刚有了新的处理结果,';
  return new Problem(409, 'conflict', `该申请${now}不能进行此操作。请刷新后查看最新进度。`);
}
