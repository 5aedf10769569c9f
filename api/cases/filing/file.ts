import type { Request } from 'express';
import { shanghaiDate } from '../../../domain/dates.ts';
import { ClaimTaken } from '../../../store/cases/claims.ts';
import { fileApplication } from '../../../store/cases/filing.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import { FileTaken } from '../../../store/files/hand-in.ts';
import type { RememberedRequest } from '../../../store/idempotency/requests.ts';
import { assertWindowOpen } from '../../calendar/window.ts';
import type { ApiContext } from '../../context.ts';
import { fileErrors } from '../../files/usable.ts';
import type { User } from '../../http/auth.ts';
import { codeOf, problems } from '../../http/errors.ts';
import { recallRequest, unlessRepeated } from '../../http/idempotency.ts';
import type { Answer } from '../../http/route.ts';
import { summary } from '../answers.ts';
import { startApplication } from '../start.ts';
import { checkFiling } from './check.ts';
import { filingOf } from './filing.ts';
import { heldAlready } from './held.ts';

/**
 * Files an application: first the row, then the workflow. Once the row is there, the filing is acknowledged. If
 * Temporal can't be reached now, or this process dies before the start, housekeeping starts the workflow; the clock
 * counts from the submission all the same.
 */
export async function file(context: ApiContext, request: Request, user: User): Promise<Answer> {
  const { store } = context;
  const { keyed, remembered } = await recallRequest(store, request, user.subject);
  if (remembered) return answerAgain(context, remembered);
  const now = context.now();
  const policy = context.policies.at(shanghaiDate(now));
  // Another request with the same key may have filed the case just now, and used up the files with it.
  const checked = checkFiling(store, policy, request.body, user, now);
  const body = await unlessRepeated(store, user.subject, keyed, checked);
  if (!body) return file(context, request, user);
  if (body.channel === 'window') await assertWindowOpen(store, policy, now);
  const filing = filingOf(policy, body, user.subject, now);
  const remember = keyed && { ...keyed, answer: (row: ApplicationRow) => filedAnswer(context, row) };
  const row = await fileApplication(store, filing, remember).catch(async (error) => {
    if (error instanceof ClaimTaken) throw await heldAlready(context, error, user);
    if (!(error instanceof FileTaken)) throw error;
    throw problems.invalid(await fileErrors({ store, policy }, body.materials, user.subject));
  });
  // Another request with the same key was faster: this one is answered as that one was.
  if (!row) return file(context, request, user);
  await start(context, row);
  return filedAnswer(context, row);
}

/** Repeats the answer to the first request with the key, and starts the workflow if that request didn't get so far. */
async function answerAgain(context: ApiContext, remembered: RememberedRequest): Promise<Answer> {
  const row = (await findApplication(context.store, remembered.acceptanceNumber)) as ApplicationRow;
  if (row.sequence === 0) await start(context, row);
  return remembered.answer ?? filedAnswer(context, row);
}

async function start({ temporal, log }: ApiContext, row: ApplicationRow): Promise<void> {
  const { acceptanceNumber, type, channel, state } = row;
  await startApplication(temporal, { acceptanceNumber, type, channel, state }).catch((error) =>
    log.warn({ acceptanceNumber, code: codeOf(error) }, 'not started yet; housekeeping will'),
  );
}

function filedAnswer({ policies }: ApiContext, row: ApplicationRow): Answer {
  return {
    status: 201,
    body: summary(policies, row),
    headers: { Location: `/v1/applications/${row.acceptanceNumber}` },
  };
}
