import { createHash } from 'node:crypto';
import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowIdConflictPolicy,
  type WorkflowUpdateHandle,
  WorkflowUpdateStage,
} from '@temporalio/client';
import type { ApplicationFailure, UpdateDefinition } from '@temporalio/common';
import type { AccreditationMessages } from '../domain/accreditations/state.ts';
import type { Message } from '../domain/cases/messages.ts';
import type { Objection } from '../domain/cases/reviewing.ts';
import type { Status } from '../domain/cases/state.ts';
import { statusNames } from '../domain/names.ts';
import type { AccreditationRow } from '../store/accreditations/tables.ts';
import type { accreditation } from '../workflows/index.ts';
import { accreditationMessages, accreditationOptions, messages, type Progress } from '../workflows/messages.ts';
import { type FieldError, Problem, problems } from './http/errors.ts';
import { mayPass, refusalOf } from './http/temporal-errors.ts';
import { TEMPORAL_WAIT_MS } from './start.ts';

/** `done`: the change is in the store. `accepted`: Temporal has it durably and it will be, but not within the wait. */
export type Sent = 'done' | 'accepted';

/**
 * The id of an Update: who sends which message to which case under which key. Temporal answers another Update with the same id
 * with the first one's result, so everything that tells two requests apart goes in.
 */
export function updateId(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * Sends a message to a case and waits for its effect, up to five seconds in all. Sent again with the same id it has its effect
 * once, and is answered as the first time: so whoever doesn't know what came of it sends it again.
 * @throws Problem 409 or 422 where the workflow refuses it; else the error of Temporal's client: `hasNoWorkflow` where the case
 * has ended or not begun, `mayPass` where nobody knows whether Temporal has it
 */
export function sendMessage(temporal: Client, acceptanceNumber: string, message: Message, id: string): Promise<Sent> {
  const update = messages[message.name].update as UpdateDefinition<Progress, [Message['payload']]>;
  const handle = temporal.workflow.getHandle(acceptanceNumber);
  return sendUpdate(temporal, () => {
    return handle.startUpdate(update, { args: [message.payload], updateId: id, waitForStage });
  });
}

/**
 * Revokes an accreditation, as `sendMessage` does what it does. Its workflow is started with that where none runs: one without an end has none.
 */
export function revokeAccreditation(
  temporal: Client,
  { id: accreditationId, status }: Pick<AccreditationRow, 'id' | 'status'>,
  payload: AccreditationMessages['revoke'],
  id: string,
): Promise<Sent> {
  const start = { accreditationId, status };
  return sendUpdate(temporal, () => {
    const startWorkflowOperation = new WithStartWorkflowOperation<typeof accreditation>('accreditation', {
      ...accreditationOptions(start),
      args: [start],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    });
    const options = { startWorkflowOperation, args: [payload] as [typeof payload], updateId: id, waitForStage };
    return temporal.workflow.startUpdateWithStart(accreditationMessages.revoke.update, options);
  });
}

const waitForStage = WorkflowUpdateStage.ACCEPTED;

async function sendUpdate(temporal: Client, start: () => Promise<WorkflowUpdateHandle<unknown>>): Promise<Sent> {
  const deadline = Date.now() + TEMPORAL_WAIT_MS;
  try {
    const accepted = await temporal.withDeadline(deadline, start);
    return await resultOf(temporal, deadline, () => accepted.result());
  } catch (error) {
    const refusal = refusalOf(error);
    throw refusal ? refused(refusal) : error;
  }
}

/** From here on Temporal has the message: whatever interrupts the wait, its effect will come. */
async function resultOf(temporal: Client, deadline: number, result: () => Promise<unknown>): Promise<Sent> {
  try {
    await temporal.withDeadline(deadline, result);
    return 'done';
  } catch (error) {
    if (mayPass(error)) return 'accepted';
    throw error;
  }
}

/** What a workflow's refusal means for who sent the message; anything else that it throws is a fault of ours. */
function refused(failure: ApplicationFailure): unknown {
  const [details] = (failure.details ?? []) as [Refusal | undefined];
  if (failure.type === 'Conflict') return details?.objection ? objected(details.objection) : conflict(details?.status);
  if (failure.type !== 'MalformedMessage') return failure;
  const fields = details?.fields ?? [];
  return problems.invalid(fields.map((field) => ({ field, code: 'invalid', detail: '内容有误,请核对。' })));
}

interface Refusal {
  status?: Status;
  fields?: string[];
  objection?: Objection;
}

/** What speaks against the sender of a message that fits the status: its code, and what to do. */
const objections: Record<Objection, [code: string, detail: string]> = {
  notAssigned: ['not-assigned', '该申请由其他人员承办。请由承办人移交,或由主管指派给您后再处理。'],
  notYours: ['not-assigned', '该申请由其他人员承办,只能由承办人移交,或由主管指派。'],
  tookPart: ['took-part', '申诉须由未参与过此前审核的人员办理,请由主管指派其他人员。'],
  sameEyes: ['second-reviewer-needed', '该病种须双人复核:初审人不能再作复核,请由另一位审核人员复核。'],
  claimedOnly: ['sender-not-verified', '这一操作须登录系统办理。'],
  appealedAlready: ['appealed-already', '该申请已申诉过一次。如仍有异议,可通过行政复议或行政诉讼解决。'],
  notVerified: ['not-verified', '该病种须先线下核验原件,核验通过后才能通过认定。'],
  belatedRequest: [
    'belated-request',
    '一次性告知:首次要求补充材料时已经缺少、当时没有列出的材料,只能由主管说明理由后要求补充。',
  ],
  tooLate: ['too-late', '已超过办理这一事项的期限,请查看“办理进度”中仍可办理的事项,或致电咨询。'],
};

/** A message that isn't this sender's to send. */
export function objected(objection: Objection, errors?: FieldError[]): Problem {
  const [code, detail] = objections[objection];
  return new Problem(409, code, detail, errors ? { errors } : {});
}

/** Two decisions at once: one wins, the other is told. */
export function conflict(status?: Status): Problem {
  const now = status && statusNames[status] ? `目前状态为“${statusNames[status]}”,` : '已经办结或刚刚有了新的处理结果,';
  return new Problem(409, 'conflict', `该申请${now}不能进行此操作。请刷新后查看最新进度。`);
}
