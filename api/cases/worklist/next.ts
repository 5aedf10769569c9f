import type { Message } from '../../../domain/cases/messages.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import { endTaking, reservedBy, reserveNext } from '../../../store/cases/reserve.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import type { ApiContext } from '../../context.ts';
import type { User } from '../../http/auth.ts';
import { Problem, problems } from '../../http/errors.ts';
import { hasNoWorkflow } from '../../http/temporal-errors.ts';
import { type Sent, updateId } from '../../send.ts';
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
 * this dies in between, the workflow's word holds all the same, and the reservation ends by itself; who asks again until
 * then gets the same case, and no second one.
 * @returns undefined where there is none that they may take
 * @throws Problem 503 where that can't be known now
 */
export async function takeNext(context: ApiContext, user: User): Promise<Taken | undefined> {
  const { store, now } = context;
  const lost = await reservedBy(store, user.subject, now());
  const again = lost && (await take(context, user, lost));
  if (again) return again;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const at = now();
    const until = new Date(Date.parse(at) + RESERVED_MS).toISOString();
    const reserved = await reserveNext(store, user, { now: at, until });
    if (reserved === 'none') return undefined;
    if (reserved === 'held') continue;
    const taken = await take(context, user, reserved);
    // What was refused stays reserved for a moment: else the next try would find it again.
    if (taken) return taken;
  }
  throw problems.busy();
}

/**
 * Takes a case that is reserved for them.
 * @returns undefined where it isn't to be had
 */
async function take(context: ApiContext, user: User, reserved: ApplicationRow): Promise<Taken | undefined> {
  const { store } = context;
  const { acceptanceNumber, assignee } = reserved;
  const sent = assignee === user.subject ? 'done' : await ask(context, user, reserved);
  await endTaking(store, acceptanceNumber, user.subject);
  return sent && { row: (await findApplication(store, acceptanceNumber)) as ApplicationRow, sent };
}

/** @returns undefined where it isn't to be had: somebody was faster, or it has ended, or no workflow runs yet */
async function ask(
  { temporal }: ApiContext,
  { subject }: User,
  { acceptanceNumber, reservedUntil }: ApplicationRow,
): Promise<Sent | undefined> {
  // Without a supervisor's authority, which would take it from whoever was faster.
  const assign: Message = { name: 'assign', payload: { by: subject, to: subject } };
  try {
    // One Update for each reservation: asked again, Temporal answers with what came of the first.
    const id = updateId(subject, acceptanceNumber, 'assign', reservedUntil as string);
    return await sendMessage(temporal, acceptanceNumber, assign, id);
  } catch (error) {
    const refused = error instanceof Problem && error.status === 409;
    if (refused || hasNoWorkflow(error)) return undefined;
    throw error;
  }
}
