import type { z } from 'zod';
import type { CaseAct } from '../../../domain/cases/access.ts';
import { type DocumentSeen, isAtWindow } from '../../../domain/cases/attendance.ts';
import { awaitedRequest } from '../../../domain/cases/crossing.ts';
import type { Material } from '../../../domain/cases/materials.ts';
import type { Message } from '../../../domain/cases/messages.ts';
import { groundsOf } from '../../../policy/texts.ts';
import { policyInForce } from '../../../policy/versions.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import type { ApiContext } from '../../context.ts';
import { onAttendedCase, onCase } from '../../http/access.ts';
import type { ProblemCode } from '../../http/problem-codes.ts';
import { route } from '../../http/route.ts';
import { type Turns, takingTurns } from '../../http/turns.ts';
import { withTyped } from '../../people/typed.ts';
import { progressAnswer } from '../answers.ts';
import { withOriginals } from '../form-checks.ts';
import { answerOnce } from './answer-once.ts';
import { authority } from './authority.ts';
import { correctedForm } from './correction.ts';
import { type correctionSchema, messageExamples, messageSchemas } from './requests.ts';

type SentName = keyof typeof messageSchemas;

/**
 * How many messages one api process sends at the same time: each waits up to five seconds for its effect, and the
 * workers carry some ten a second.
 */
const SENT_AT_ONCE = 50;

const decision: readonly ProblemCode[] = ['own-case', 'not-assigned', 'took-part', 'absent'];
/** Codes of what can speak against each message, beside that it doesn't fit the status (`checks.ts`, `reviewing.ts`). */
const refusals: Partial<Record<SentName, readonly ProblemCode[]>> = {
  approve: [...decision, 'verifier-alone', 'second-reviewer-needed', 'not-verified'],
  reject: [...decision, 'verifier-alone'],
  requestMaterials: [...decision, 'belated-request'],
  requestVerification: decision,
  recordVerification: ['own-case', 'window-closed'],
  assign: ['own-case', 'not-assigned', 'took-part', 'second-reviewer-needed'],
  resubmit: ['too-late', 'request-replaced', 'window-closed'],
  appeal: ['appealed-already', 'too-late', 'window-closed'],
};

/** `POST /v1/applications/{acceptanceNumber}/…`: the messages of the workflow, one route each. */
export function messageRoutes(api: ApiContext) {
  const context = { ...api, sending: takingTurns(SENT_AT_ONCE) };
  return [
    messageRoute(context, 'approve', 'approve', '通过认定', 'review'),
    messageRoute(context, 'reject', 'reject', '不予通过', 'review'),
    messageRoute(context, 'requestMaterials', 'request-materials', '要求补充材料', 'review'),
    messageRoute(context, 'requestVerification', 'request-verification', '要求线下核验', 'review'),
    messageRoute(context, 'recordVerification', 'record-verification', '登记线下核验结果', 'verify'),
    messageRoute(context, 'assign', 'assign', '指定承办人', 'review'),
    messageRoute(context, 'releaseClaims', 'release-claims', '解除占用:不再妨碍参保人另行申请', 'release'),
    messageRoute(context, 'resubmit', 'resubmit', '补充材料或重新提交', 'attend'),
    messageRoute(context, 'appeal', 'appeal', '对未通过提出申诉', 'actFor'),
    messageRoute(context, 'withdraw', 'withdraw', '撤回申请', 'attend'),
  ];
}

/** What bodies say that isn't simply handed on. */
interface Fields {
  materials?: Material[];
  form?: z.infer<typeof correctionSchema>;
  grounds?: string[];
  reason?: string;
}

type MessageContext = ApiContext & { sending: Turns };

function messageRoute<Name extends SentName>(
  context: MessageContext,
  name: Name,
  path: string,
  summary: string,
  act: CaseAct,
) {
  return route({
    method: 'post',
    path: `/v1/applications/{acceptanceNumber}/${path}`,
    operationId: name,
    summary,
    access: act === 'attend' ? onAttendedCase : onCase(act),
    refusals: ['conflict', ...(refusals[name] ?? [])],
    audit: { action: 'change', kind: 'application', part: name },
    body: messageSchemas[name] as z.ZodType,
    example: messageExamples[name],
    idempotent: true,
    answers: {
      200: { description: 'Done; the new progress', schema: progressAnswer },
      202: { description: 'Accepted; the effect shows in the progress soon', schema: progressAnswer },
    },
    handle({ request, body, found: row, user }) {
      return context.sending(async () => {
        const { form, ...fields } = body as Fields;
        const payload = {
          by: user.subject,
          ...seenRequest(name, row),
          ...fields,
          ...reasonOf(context, name, fields),
          ...authority(name, user),
        };
        const message = { name, payload: handedIn(row, payload) } as Message;
        return answerOnce(context, request, user, row, {
          message,
          corrected: form && correctedForm(context.store, row, withTyped(form, request.body.form)),
        });
      });
    },
  });
}

/** Where the grounds are all that is said of a rejection, their texts are its reason. */
function reasonOf(context: ApiContext, name: SentName, { grounds, reason }: Fields): { reason?: string } {
  if (name !== 'reject' || reason !== undefined) return {};
  return { reason: groundsOf(policyInForce(context), grounds).join(';') };
}

/** Which request the message is checked by, so that it is told from one that is made meanwhile. */
function seenRequest(name: SentName, { state }: ApplicationRow): { replaces?: number; answers?: number } {
  const awaited = awaitedRequest(state);
  if (name === 'requestMaterials') return { replaces: awaited };
  return name === 'resubmit' && awaited > 0 ? { answers: awaited } : {};
}

/** Materials that a clerk hands in at the window count as compared with their originals. */
function handedIn<Payload extends { materials?: Material[]; documentSeen?: DocumentSeen }>(
  row: ApplicationRow,
  payload: Payload,
): Payload {
  const { materials, documentSeen } = payload;
  return materials ? { ...payload, materials: withOriginals(isAtWindow(row, documentSeen), materials) } : payload;
}
