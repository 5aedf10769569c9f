import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import type { z } from 'zod';
import type { Material } from '../../domain/cases/materials.ts';
import type { Message } from '../../domain/cases/messages.ts';
import { proposeForm } from '../../store/cases/form-versions.ts';
import { findApplication, wasRecorded } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { findRequest, rememberAnswer, rememberRequest } from '../../store/idempotency/requests.ts';
import { progressAnswer } from '../answers.ts';
import type { ApiContext } from '../context.ts';
import { atOnce } from '../http/at-once.ts';
import { type Role, reviewers, type User } from '../http/auth.ts';
import { Problem, problems } from '../http/errors.ts';
import { assertSameRequest, recallRequest } from '../http/idempotency.ts';
import { type Answer, route } from '../http/route.ts';
import { hasNoWorkflow } from '../http/temporal-errors.ts';
import { type correctionSchema, messageSchemas } from '../schemas.ts';
import { conflict, type Sent, sendMessage, updateId } from '../send.ts';
import { type CorrectedForm, correctedForm } from './correction.ts';
import { withOriginals } from './filing.ts';
import { checkMessage } from './message-checks.ts';
import { assertActsFor, caseView, visibleCase } from './routes.ts';

type SentName = keyof typeof messageSchemas;

/** Who may send a message; what an applicant sends, a clerk sends for a case that was filed at the window. */
const senders: readonly Role[] = ['applicant', 'clerk'];
/** Who sees originals at the window. */
const clerks: readonly Role[] = ['clerk'];

/** Messages that an api sends at once: each waits up to five seconds for its effect, and workers carry some ten a second. */
const SENT_AT_ONCE = 50;

/** `POST /v1/applications/{acceptanceNumber}/…`: the messages of the workflow, one route each. */
export function messageRoutes(api: ApiContext) {
  const context = { ...api, sending: atOnce(SENT_AT_ONCE) };
  return [
    messageRoute(context, 'approve', 'approve', '通过认定', reviewers),
    messageRoute(context, 'reject', 'reject', '不予通过', reviewers),
    messageRoute(context, 'requestMaterials', 'request-materials', '要求补充材料', reviewers),
    messageRoute(context, 'requestVerification', 'request-verification', '要求线下核验', reviewers),
    messageRoute(context, 'recordVerification', 'record-verification', '登记线下核验结果', clerks),
    messageRoute(context, 'assign', 'assign', '指定承办人', reviewers),
    messageRoute(context, 'resubmit', 'resubmit', '补充材料或重新提交', senders),
    messageRoute(context, 'appeal', 'appeal', '对未通过提出申诉', senders),
    messageRoute(context, 'withdraw', 'withdraw', '撤回申请', senders),
  ];
}

type MessageContext = ApiContext & { sending: ReturnType<typeof atOnce> };

function messageRoute<Name extends SentName>(
  context: MessageContext,
  name: Name,
  path: string,
  summary: string,
  roles: readonly Role[],
) {
  return route({
    method: 'post',
    path: `/v1/applications/{acceptanceNumber}/${path}`,
    summary,
    ...(roles === senders ? { refusals: '403 applicants-own (a clerk, for an online case)' } : {}),
    roles,
    body: messageSchemas[name] as z.ZodType,
    idempotent: true,
    answers: {
      200: { description: 'Done; the new progress', schema: progressAnswer },
      202: { description: 'Accepted; the effect shows in the progress soon', schema: progressAnswer },
    },
    handle({ request, body, params, user }) {
      return context.sending(async () => {
        const row = await visibleCase(context, params.acceptanceNumber as string, user);
        const own = row.submittedBy === user.subject;
        if (roles === senders) assertActsFor(row, user);
        if (roles === reviewers && own) throw new Problem(403, 'own-case', '不能审核由本人提交的申请。');
        const { form, ...given } = body as { materials?: Material[]; form?: z.infer<typeof correctionSchema> };
        const payload = { by: user.subject, ...given, ...authority(name, user) };
        const message = { name, payload: handedIn(row, payload) } as Message;
        return answerOnce(context, request, user, row, {
          message,
          corrected: form && correctedForm(context.store, row, form),
        });
      });
    },
  });
}

/** A message, and the corrected form that goes with it to the store. */
interface Sending {
  message: Message;
  corrected: CorrectedForm | undefined;
}

/** Materials that a clerk hands in were seen at the window. */
function handedIn<Payload extends { materials?: Material[] }>({ channel }: ApplicationRow, payload: Payload): Payload {
  return payload.materials ? { ...payload, materials: withOriginals(channel, payload.materials) } : payload;
}

/** A supervisor hands on any case to anyone, and may ask for more than was told at once; that somebody is one only the token tells. */
function authority(name: SentName, { roles }: User): { authority?: 'supervisor' } {
  const needed = name === 'assign' || name === 'requestMaterials';
  return needed && roles.includes('supervisor') ? { authority: 'supervisor' } : {};
}

/**
 * Sends a message once: a request with a known key gets the answer of the first one. If there is none, because it was lost or
 * nobody knew, the same Update is sent again with the same id: Temporal knows what came of the first.
 */
async function answerOnce(
  context: ApiContext,
  request: Request,
  user: User,
  row: ApplicationRow,
  sending: Sending,
): Promise<Answer> {
  const { store } = context;
  const { acceptanceNumber } = row;
  const { keyed, remembered } = await recallRequest(store, request, user.subject);
  if (remembered?.answer) return remembered.answer;
  if (!remembered) {
    // Only what wasn't sent before: the row of what was may show its effect, and a resubmission has used up its files.
    const fits = await checkMessage(context, row, sending.message, sending.corrected).then(
      () => true,
      async (problem) => {
        // Another request with the same key may have been sent just now.
        if (!keyed || !(await findRequest(store, user.subject, keyed.key))) throw problem;
        return false;
      },
    );
    if (!fits) return answerOnce(context, request, user, row, sending);
    // Not before it is checked: a corrected request may use the same key.
    if (keyed) await remember(context, user, row, keyed);
  }
  const id = keyed ? updateId(user.subject, acceptanceNumber, sending.message.name, keyed.key) : randomUUID();
  const sent = await send(context, row, sending, id);
  const answer = await progress(context, row, user, sent);
  if (keyed && sent === 'done') await rememberAnswer(store, user.subject, keyed.key, answer);
  return answer;
}

/** Before the message is sent, so that a retry knows that it may have been. */
async function remember(
  { store, now }: ApiContext,
  { subject }: User,
  { acceptanceNumber }: ApplicationRow,
  { key, bodyHash }: { key: string; bodyHash: string },
): Promise<void> {
  const first = await rememberRequest(store, { subject, key, bodyHash, acceptanceNumber, createdAt: now() });
  assertSameRequest(first, bodyHash);
}

/** Temporal is believed, not the row; only where no workflow runs any more does what is recorded answer. */
async function send(
  { store, temporal }: ApiContext,
  row: ApplicationRow,
  { message, corrected }: Sending,
  id: string,
): Promise<Sent> {
  const { acceptanceNumber } = row;
  // Tried again, it is a correction of the case as it is now.
  if (corrected && !(await proposeForm(store, row, id, corrected))) {
    throw problems.unavailable(new Error('the phone has changed'));
  }
  const referring = { ...message, payload: { ...message.payload, ...(corrected ? { form: id } : {}) } } as Message;
  try {
    return await sendMessage(temporal, acceptanceNumber, referring, id);
  } catch (error) {
    if (!hasNoWorkflow(error)) throw error;
    if (await wasRecorded(store, acceptanceNumber, id)) return 'done';
    // A case that is open without a workflow will have one again.
    const { closed } = (await findApplication(store, acceptanceNumber)) as ApplicationRow;
    throw closed ? conflict() : problems.unavailable(error);
  }
}

async function progress(context: ApiContext, row: ApplicationRow, user: User, sent: Sent): Promise<Answer> {
  const fresh = await visibleCase(context, row.acceptanceNumber, user);
  const headers = { Location: `/v1/applications/${row.acceptanceNumber}` };
  return { status: sent === 'done' ? 200 : 202, body: await caseView(context, fresh, user), headers };
}
