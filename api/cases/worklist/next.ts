import { randomUUID } from 'node:crypto';
import type { Message } from '../../../domain/cases/messages.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import { reserveNext } from '../../../store/cases/reserve.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import type { ApiContext } from '../../context.ts';
import type { User } from '../../http/auth.ts';
import { Problem, problems } from '../../http/errors.ts';
import { hasNoWorkflow } from '../../http/temporal-errors.ts';
import type { Sent } from '../../send.ts';
import { sendMessage } from '../messages/send.ts';

/**
 * How long a case is kept for who takes it: longer than its workflow is waited for, and so short that one whose taking
 * was cut off is soon there for others.
 */
const RESERVED_MS = 30_000;

/** How many cases are tried: the rows may be behind, and their workflows say that somebody has them already. */
const TRIES = 5;

/** What somebody has taken, as its row is then. */
interface Taken {
  row: ApplicationRow;
  sent: Sent;
}

/**
 * Takes the most urgent case that nobody has, for whoever asks. Its row is reserved first, so that of many who ask at
 * once no two ask for the same; then its workflow decides, as it does of every message. Where the outcome is unknown, or
 * this dies in between, the workflow's word holds all the same, and the reservation ends by itself.
 * @returns undefined where there is none that they may take
 * @throws Problem 503 where that can't be known now
 */
export async function takeNext(context: ApiContext, user: User): Promise<Taken | undefined> {
  const { store, now } = context;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const at = now();
    const until = new Date(Date.parse(at) + RESERVED_MS).toISOString();
    const reserved = await reserveNext(store, user, { now: at, until });
    if (reserved === 'none') return undefined;
    if (reserved === 'held') continue;
    const sent = await take(context, user, reserved.acceptanceNumber);
    // What was refused stays reserved for a moment: else the next try would find it again.
    if (!sent) continue;
    return { row: (await findApplication(store, reserved.acceptanceNumber)) as ApplicationRow, sent };
  }
  throw problems.busy();
}

/** @returns undefined where it isn't to be had: somebody was faster, or it has ended, or no workflow runs yet */
async function take({ temporal }: ApiContext, { subject }: User, acceptanceNumber: string): Promise<Sent | undefined> {
  // Without a supervisor's authority, which would take it from whoever was faster.
  const assign: Message = { name: 'assign', payload: { by: subject, to: subject } };
  try {
    return await sendMessage(temporal, acceptanceNumber, assign, randomUUID());
  } catch (error) {
    const refused = error instanceof Problem && error.status === 409;
    if (refused || hasNoWorkflow(error)) return undefined;
    throw error;
  }
}
