import type { Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { Message } from '../../../domain/cases/messages.ts';
import type { Objection } from '../../../domain/cases/reviewing.ts';
import { statusNames } from '../../../domain/names.ts';
import type { Status } from '../../../domain/vocabulary.ts';
import { messages, type Progress } from '../../../workflows/messages.ts';
import { type FieldError, Problem } from '../../http/errors.ts';
import type { ProblemCode } from '../../http/problem-codes.ts';
import { type Sent, sendUpdate, waitForStage } from '../../send.ts';

/** What a case's workflow answers to a message that it doesn't take. */
interface Against {
  status: Status;
  objection: Objection;
}

/**
 * Sends a message to a case.
 * @param id of the Update
 * @returns and throws as `sendUpdate` does
 */
export function sendMessage(temporal: Client, acceptanceNumber: string, message: Message, id: string): Promise<Sent> {
  const update = messages[message.name].update as UpdateDefinition<Progress, [Message['payload']]>;
  const handle = temporal.workflow.getHandle(acceptanceNumber);
  return sendUpdate<Against>(
    temporal,
    () => handle.startUpdate(update, { args: [message.payload], updateId: id, waitForStage }),
    ({ objection, status }) => (objection ? objected(objection) : conflict(status)),
  );
}

/** Why a message that fits the status isn't this sender's to send: the problem's code, and what to do. */
const objections: Record<Objection, [code: ProblemCode, detail: string]> = {
  ownCase: ['own-case', '由本人提交或代为补交材料的申请,本人不能审核、核验,也不能作承办人,请由其他人员办理。'],
  verifiedAlone: ['verifier-alone', '线下核验结果由您登记,不能再由您一人作出决定,请由其他审核人员办理。'],
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
  requestReplaced: [
    'request-replaced',
    '要补充的材料刚刚有变更,这次提交不包含新要求的材料。请刷新“办理进度”,按新的要求补齐后重新提交。',
  ],
  tooLate: ['too-late', '已超过办理这一事项的期限,请查看“办理进度”中仍可办理的事项,或致电咨询。'],
};

/** The problem to answer for a message that isn't this sender's to send. */
export function objected(objection: Objection, errors?: FieldError[]): Problem {
  const [code, detail] = objections[objection];
  return new Problem(409, code, detail, errors ? { errors } : {});
}

/** The problem for a message that doesn't fit the status, as when two decide at once and the other was faster. */
export function conflict(status?: Status): Problem {
  const reason =
    status && statusNames[status] ? `目前状态为“${statusNames[status]}”,` : '已经办结或刚刚有了新的处理结果,';
  return new Problem(409, 'conflict', `该申请${reason}不能进行此操作。请刷新后查看最新进度。`);
}
