import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import type { Message } from '../../../domain/cases/messages.ts';
import { releaseEnded } from '../../../store/cases/claims.ts';
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
import { progressView } from '../answers.ts';
import { checkMessage } from './checks.ts';
import type { Sending } from './correction.ts';
import { conflict, sendMessage } from './send.ts';

/**
 * Sends a message once: a request with a known key gets the answer of the first request with it. If none was
 * remembered, because the process died or the outcome was unknown, the same Update is sent again under the same id, and
 * Temporal answers with the outcome of the first.
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
    // A message that was sent before isn't checked again: its own effect, such as used-up files, would fail the check.
    const checked = checkMessage(context, row, user, sending).then(() => true);
    if (!(await unlessRepeated(store, user.subject, keyed, checked))) {
      return answerOnce(context, request, user, row, sending);
    }
    // Remembered only once it has passed the check: a request that failed may be corrected and keep its key.
    if (keyed) await remember(context, user, row, keyed);
  }
  const id = keyed ? updateId(user.subject, acceptanceNumber, sending.message.name, keyed.key) : randomUUID();
  const sent = await send(context, row, sending, id);
  const answer = await progress(context, row, user, sent);
  if (keyed && sent === 'done') await rememberAnswer(store, user.subject, keyed.key, answer);
  return answer;
}

/** Remembers the request before its message is sent, so that a retry knows that it may have been sent. */
async function remember(
  { store, now }: ApiContext,
  { subject }: User,
  { acceptanceNumber }: ApplicationRow,
  { key, bodyHash }: { key: string; bodyHash: string },
): Promise<void> {
  const first = await rememberRequest(store, { subject, key, bodyHash, acceptanceNumber, createdAt: now() });
  assertSameRequest(first, bodyHash);
}

/** Asks Temporal, whose word counts; only where no workflow runs any more does the store's record answer. */
async function send(
  { store, temporal, now }: ApiContext,
  row: ApplicationRow,
  { message, corrected }: Sending,
  id: string,
): Promise<Sent> {
  const { acceptanceNumber } = row;
  // The phone was changed meanwhile. A retry corrects the form as it is then.
  if (corrected && !(await proposeForm(store, row, id, corrected))) {
    throw problems.unavailable(new Error('the phone has changed'));
  }
  const referring = { ...message, payload: { ...message.payload, ...(corrected ? { form: id } : {}) } } as Message;
  try {
    return await sendMessage(temporal, acceptanceNumber, referring, id);
  } catch (error) {
    if (!hasNoWorkflow(error)) throw error;
    if (await wasRecorded(store, acceptanceNumber, id)) return 'done';
    // An open case without a workflow is given one by housekeeping, so a retry may succeed.
    const { closed } = (await findApplication(store, acceptanceNumber)) as ApplicationRow;
    if (closed && message.name === 'releaseClaims') {
      const release = { ...message.payload, at: now(), requestId: id };
      if (await releaseEnded(store, acceptanceNumber, release)) return 'done';
    }
    throw closed ? conflict() : problems.unavailable(error);
  }
}

async function progress(context: ApiContext, row: ApplicationRow, user: User, sent: Sent): Promise<Answer> {
  const fresh = (await findApplication(context.store, row.acceptanceNumber)) as ApplicationRow;
  const headers = { Location: `/v1/applications/${row.acceptanceNumber}` };
  return { status: sent === 'done' ? 200 : 202, body: await progressView(context, fresh, user), headers };
}
