import type { Request } from 'express';
import { shanghaiDate } from '../../../domain/dates.ts';
import { handingIn } from '../../../domain/files/papers.ts';
import type { Policy } from '../../../policy/schema.ts';
import { ClaimTaken } from '../../../store/cases/claims.ts';
import { fileApplication } from '../../../store/cases/filing.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import { FileTaken } from '../../../store/files/hand-in.ts';
import type { RememberedRequest } from '../../../store/idempotency/requests.ts';
import { BeingErased } from '../../../store/retention/person-lock.ts';
import { assertWindowOpen } from '../../calendar/window.ts';
import type { ApiContext } from '../../context.ts';
import { fileErrors } from '../../files/usable.ts';
import type { User } from '../../http/auth.ts';
import { codeOf, Problem, problems } from '../../http/errors.ts';
import { recallRequest, unlessRepeated } from '../../http/idempotency.ts';
import type { Counted, Limiter } from '../../http/limits.ts';
import type { ProblemCode } from '../../http/problem-codes.ts';
import type { Answer } from '../../http/route.ts';
import type { FilingBody } from '../requests.ts';
import { startApplication } from '../start.ts';
import { summary } from '../summary.ts';
import { checkFiling } from './check.ts';
import { assertNotOwnAtWindow } from './filer.ts';
import { filingOf } from './filing.ts';
import { heldAlready } from './held.ts';

/** What filing works with; `takeAll` counts it. */
export type FilingContext = ApiContext & Pick<Limiter, 'takeAll'>;

/** Codes of the problems that stand in the way of a filing. */
export const filingRefusals: readonly ProblemCode[] = [
  ...(['application-open', 'changed-this-year', 'being-erased', 'window-closed'] as const),
  'too-many-filings',
];

/**
 * Files an application: first the row, then the workflow. Once the row is there, the filing is acknowledged. If
 * Temporal can't be reached now, or this process dies before the start, housekeeping starts the workflow; the clock
 * counts from the submission all the same.
 */
export async function file(context: FilingContext, request: Request, user: User): Promise<Answer> {
  const { store } = context;
  const { keyed, remembered } = await recallRequest(store, request, user.subject);
  if (remembered) return answerAgain(context, remembered);
  const now = context.now();
  const policy = context.policies.at(shanghaiDate(now));
  // Another request with the same key may have filed the case just now, and used up the files with it.
  const checked = checkFiling(store, policy, request.body, user, now);
  const body = await unlessRepeated(store, user.subject, keyed, checked);
  if (!body) return file(context, request, user);
  assertNotOwnAtWindow(store.keyring, body, user);
  if (body.channel === 'window') await assertWindowOpen(store, policy, now, body.ticketTakenAt);
  await takeFiling(context, policy, body, user);
  const filing = filingOf(policy, body, user.subject, now);
  const remember = keyed && { ...keyed, answer: (row: ApplicationRow) => filedAnswer(context, row) };
  const row = await fileApplication(store, filing, remember).catch(async (error) => {
    if (error instanceof ClaimTaken) throw await heldAlready(context, error, user);
    if (error instanceof BeingErased) throw beingErased();
    if (!(error instanceof FileTaken)) throw error;
    const person = store.keyring.hash(body.applicant.idNumber);
    const handing = handingIn({ by: user.subject, person, channel: body.channel });
    throw problems.invalid(await fileErrors({ store, policy }, body.materials, handing, now));
  });
  // Another request with the same key was faster: this one is answered as that one was.
  if (!row) return file(context, request, user);
  await start(context, row);
  return filedAnswer(context, row);
}

/** @throws Problem 429 where the account, the person or the phone has had as many filings today as there may be */
async function takeFiling(
  { takeAll }: FilingContext,
  { limits, city }: Policy,
  { channel, applicant }: FilingBody,
  account: User,
): Promise<void> {
  const { perAccount, perPerson, perPhone, atWindow } = limits.filings;
  const taking = (counted: Counted, most: number, whose: string) => {
    const detail = `${whose}每天最多提交 ${most} 件申请,请明天再试;急需办理的,请到窗口或致电${city.hotline}。`;
    return { code: 'too-many-filings', counted, most, within: 'day', detail } as const;
  };
  if (channel === 'window') return takeAll([taking({ account }, atWindow, '每名窗口人员')]);
  await takeAll([
    taking({ account }, perAccount, '每个账号'),
    taking({ idNumber: applicant.idNumber }, perPerson, '每个申请人'),
    taking({ phone: applicant.phone }, perPhone, '每个手机号'),
  ]);
}

/** Repeats the answer to the first request with the key, and starts the workflow if that request didn't get so far. */
async function answerAgain(context: ApiContext, remembered: RememberedRequest): Promise<Answer> {
  const row = (await findApplication(context.store, remembered.acceptanceNumber)) as ApplicationRow;
  if (row.sequence === 0) await start(context, row);
  return { ...filedAnswer(context, row), ...remembered.answer };
}

function beingErased(): Problem {
  const detail = '该人的个人信息正在按申请删除,暂时不能提交。删除完成后可以重新提交。';
  return new Problem(409, 'being-erased', detail, { retryAfter: 60 });
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
    about: { objects: [row.acceptanceNumber], people: [row.idNumberHash], own: row.channel !== 'window' },
  };
}
