import { and, asc, eq, inArray, ne, notInArray, or } from 'drizzle-orm';
import type { Taken } from '../domain/receipts.ts';
import { putIntoInbox } from './inbox.ts';
import type { MessageRow } from './messages.ts';
import { message } from './schema.ts';
import type { Transaction } from './store.ts';
import { doneStates } from './types.ts';

/**
 * Locks messages and those that they carry, before anything is done to their attempts and always in this order: of two who hear of two attempts at
 * once, the second sees what the first has written, and neither waits for the other.
 */
export async function lockMessages(tx: Transaction, ids: string[]): Promise<void> {
  const all = or(inArray(message.id, ids), inArray(message.carriedBy, ids));
  await tx.select({ id: message.id }).from(message).where(all).orderBy(asc(message.id)).for('update');
}

/**
 * What a message and those that it carries become; what has arrived stays so, whatever is said of it later, and what was overtaken can only have
 * arrived all the same. One that fails lies in the APP inbox from then on. They are locked (`lockMessages`).
 */
export async function settle(
  tx: Transaction,
  id: string,
  receipt: Taken['state'],
  { at, failure }: { at: string; failure: string | undefined },
): Promise<void> {
  const states = { underWay: 'sent', delivered: 'delivered', undelivered: 'failed' } as const;
  const state = states[receipt];
  const isNew = and(ne(message.state, state), notInArray(message.state, receipt === 'delivered' ? [] : doneStates));
  const rows = await tx
    .update(message)
    .set({ state, settledAt: at, failure: state === 'failed' ? (failure ?? null) : null })
    .where(and(or(eq(message.id, id), eq(message.carriedBy, id)), isNew))
    .returning();
  if (state === 'failed') await putIntoInbox(tx, rows, at);
}

/** Of a message and those that it carries, what its recipient still has to be told. */
export function stillToTell({ row, carried }: { row: MessageRow; carried: MessageRow[] }): MessageRow[] {
  return [row, ...carried].filter(({ state }) => !doneStates.includes(state));
}
