import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import type { Message } from '../../../domain/cases/messages.ts';
import { proposeForm } from '../../../store/cases/form-versions.ts';
import { findApplication, wasRecorded } from '../../../store/cases/queries.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import { rememberAnswer, rememberRequest } from '../../../store/idempotency/requests.ts';
import type { ApiContext } from '../../context.ts';
import type { User } from '../../http/auth.ts';
import { problems } from '../../http/errors.ts';
import { assertSameRequest, recallRequest, unlessRepeated } from '../../http/idempotency.ts';
import type { Answer } from '../../http/route.ts';
import { hasNoWorkflow } from '../../http/temporal-errors.ts';
import { type Sent, updateId } from '../../send.ts';
import { visibleCase } from '../access.ts';
import { caseView } from '../answers.ts';
import { checkMessage } from './checks.ts';
import type { CorrectedForm } from './correction.ts';
import { conflict, sendMessage } from './send.ts';

/** A message, and the corrected form that goes with it to the store. */
export interface Sending {
  message: Message;
  corrected: CorrectedForm | undefined;
}

/**
 * Sends a message once: a request with a known key gets the answer of the first one. If there is none, because it was
 * lost or nobody knew, the same Update is sent again with the same id: Temporal knows what came of the first.
 */
export async function answerOnce(
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
    const checked = checkMessage(context, row, sending.message, sending.corrected).then(() => true);
    if (!(await unlessRepeated(store, user.subject, keyed, checked))) {
      return answerOnce(context, request, user, row, sending);
    }
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
