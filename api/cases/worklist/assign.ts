import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import type { z } from 'zod';
import { isAcceptanceNumber } from '../../../domain/cases/acceptance-number.ts';
import type { Message } from '../../../domain/cases/messages.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import { rememberAnswer, rememberRequest } from '../../../store/idempotency/requests.ts';
import type { ApiContext } from '../../context.ts';
import { aboutAll, caseFor } from '../../http/access.ts';
import type { User } from '../../http/auth.ts';
import { Problem, problemBody, problems } from '../../http/errors.ts';
import { assertSameRequest, recallRequest } from '../../http/idempotency.ts';
import type { Answer } from '../../http/route.ts';
import { mayPass } from '../../http/temporal-errors.ts';
import { type Turns, takingTurns } from '../../http/turns.ts';
import { updateId } from '../../send.ts';
import { send } from '../messages/answer-once.ts';
import { authority } from '../messages/authority.ts';
import { assertNotAttended, checkAssignee } from '../messages/checks.ts';
import type { bulkAssignAnswer } from './answers.ts';
import { type bulkAssignSchema, MOST_ASSIGNED } from './requests.ts';

/** Of one request so many cases are asked at the same time: few enough that others' messages go on beside it. */
const AT_ONCE = 10;

type Assigned = z.infer<typeof bulkAssignAnswer>['items'][number];

/**
 * Assigns cases, each by itself: what stands against one holds up no other. Sent again with the same key it gets the
 * first answer, or, where that told of something unfinished, asks each case again with the same Update.
 */
export async function assignAll(
  context: ApiContext,
  request: Request,
  user: User,
  { acceptanceNumbers, to }: z.infer<typeof bulkAssignSchema>,
): Promise<Answer> {
  const { store, now } = context;
  const numbers = [...new Set(acceptanceNumbers)];
  const { keyed, remembered } = await recallRequest(store, request, user.subject);
  if (remembered?.answer) {
    return { ...remembered.answer, about: { objects: numbers.filter(isAcceptanceNumber), people: [] } };
  }
  if (!remembered) await checkAssignee(context, { to });
  if (keyed) {
    // Of many cases, so of none: the answer tells of nobody, and goes by its age.
    const first = { subject: user.subject, ...keyed, acceptanceNumber: '', createdAt: now() };
    assertSameRequest(await rememberRequest(store, first), keyed.bodyHash);
  }
  const turns = takingTurns(AT_ONCE, MOST_ASSIGNED);
  const rows: ApplicationRow[] = [];
  const assign = async (number: string): Promise<Assigned> => {
    const row = await caseFor('review', store, number, user);
    rows.push(row);
    const id = keyed ? updateId(user.subject, number, 'assign', keyed.key) : randomUUID();
    return assignOne(context, user, row, to, id);
  };
  const items = await Promise.all(numbers.map((number) => answered(turns, number, assign)));
  const answer = { status: 200, body: { items } };
  const isFinal = items.every(({ status }) => status !== 202 && status !== 503);
  if (keyed && isFinal) await rememberAnswer(store, user.subject, keyed.key, answer);
  return { ...answer, about: aboutAll(rows, user) };
}

async function assignOne(
  context: ApiContext,
  user: User,
  row: ApplicationRow,
  to: string | null,
  id: string,
): Promise<Assigned> {
  assertNotAttended(row, to);
  const message: Message = { name: 'assign', payload: { by: user.subject, to, ...authority('assign', user) } };
  const sent = await send(context, row, { message, corrected: undefined }, id);
  return { acceptanceNumber: row.acceptanceNumber, status: sent === 'done' ? 200 : 202 };
}

/** A case's own answer, also where it is a problem. @throws what is a fault of ours */
async function answered(
  turns: Turns,
  acceptanceNumber: string,
  work: (number: string) => Promise<Assigned>,
): Promise<Assigned> {
  try {
    return await turns(() => work(acceptanceNumber));
  } catch (error) {
    const problem = mayPass(error) ? problems.unavailable(error) : error;
    if (!(problem instanceof Problem)) throw error;
    const { status, code, detail } = problemBody(problem);
    return { acceptanceNumber, status, code, detail };
  }
}
