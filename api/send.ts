import { createHash } from 'node:crypto';
import { type Client, type WorkflowUpdateHandle, WorkflowUpdateStage } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { type Problem, problems } from './http/errors.ts';
import { mayPass, refusalOf } from './http/temporal-errors.ts';
import { TEMPORAL_WAIT_MS } from './start.ts';

/** `done`: the change is in the store. `accepted`: Temporal has it durably, and it will be in the store later. */
export type Sent = 'done' | 'accepted';

/** How far the start of an Update waits: from this stage on Temporal has it durably. */
export const waitForStage = WorkflowUpdateStage.ACCEPTED;

/**
 * The id of an Update: who sends which message to which workflow under which key. Temporal answers another Update with
 * the same id with the first one's result, so everything that tells two requests apart goes in.
 */
export function updateId(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * Sends an Update and waits for its effect, up to five seconds in all. Sent again with the same id, it has no second
 * effect and gets the first answer: so a caller who doesn't know what came of it may send it again.
 * @param start begins the Update, up to `waitForStage`
 * @param conflict makes the problem for a message that the workflow doesn't take, from the details of its refusal
 * @throws Problem 409 or 422 where the workflow refuses it; else the error of Temporal's client: `hasNoWorkflow` says
 * whether the workflow has ended or not begun, `mayPass` whether it is unknown if Temporal has it
 */
export async function sendUpdate<Against>(
  temporal: Client,
  start: () => Promise<WorkflowUpdateHandle<unknown>>,
  conflict: (against: Partial<Against>) => Problem,
): Promise<Sent> {
  const deadline = Date.now() + TEMPORAL_WAIT_MS;
  try {
    const accepted = await temporal.withDeadline(deadline, start);
    return await resultOf(temporal, deadline, () => accepted.result());
  } catch (error) {
    const refusal = refusalOf(error);
    throw refusal ? refused(refusal, conflict) : error;
  }
}

/** Waits for the result. Temporal has the message by now: whatever interrupts the wait, its effect will come. */
async function resultOf(temporal: Client, deadline: number, result: () => Promise<unknown>): Promise<Sent> {
  try {
    await temporal.withDeadline(deadline, result);
    return 'done';
  } catch (error) {
    if (mayPass(error)) return 'accepted';
    throw error;
  }
}

/** The problem that a refusal means for the sender; any other failure of a workflow is a fault of ours. */
function refused<Against>(failure: ApplicationFailure, conflict: (against: Partial<Against>) => Problem): unknown {
  const details = (failure.details?.[0] ?? {}) as Partial<Against> & { fields?: string[] };
  if (failure.type === 'Conflict') return conflict(details);
  if (failure.type !== 'MalformedMessage') return failure;
  const fields = details.fields ?? [];
  return problems.invalid(fields.map((field) => ({ field, code: 'invalid', detail: '内容有误,请核对。' })));
}
