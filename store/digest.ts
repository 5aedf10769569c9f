import { and, asc, eq, inArray, isNull, lte, max, ne } from 'drizzle-orm';
import { type DigestCases, sortDigest } from '../domain/digest.ts';
import type { MessageRow } from './messages.ts';
import { application, attempt, message, timeline } from './schema.ts';
import type { Store, Transaction } from './store.ts';

/** What a person's digest is made of. */
export interface ComposedDigest {
  /** Messages that are handed over, each with those that it carries: what may have gone out already, then today's. */
  leads: string[];
  /** The cases that all of them are about. */
  cases: DigestCases;
}

/** Ids of the staff for whom something waits that was written by `until` (instant). */
export async function digestReaders(store: Store, until: string): Promise<string[]> {
  const rows = await store.db
    .selectDistinct({ recipient: message.recipient })
    .from(message)
    .where(waiting(until))
    .orderBy(message.recipient);
  return rows.map(({ recipient }) => recipient);
}

/**
 * Makes one message of all that wait for somebody: the most urgent carries the others, and what was overtaken is dropped. One that may have gone out
 * in an earlier try, since nobody knows what came of that, keeps what it carries, and is handed over again as it was.
 * @param until instant by which they were written
 * @param at now (instant)
 */
export function composeDigest(
  store: Store,
  recipient: string,
  { until, at }: { until: string; at: string },
): Promise<ComposedDigest> {
  return store.db.transaction(async (tx) => {
    const mine = and(waiting(until), eq(message.recipient, recipient));
    const rows = await tx.select().from(message).where(mine).orderBy(asc(message.id)).for('update');
    const cases = await casesOf(tx, rows);
    const uncertain = await withOpenAttempt(tx, rows);
    const loose = rows.filter(({ id, carriedBy }) => !uncertain.includes(carriedBy ?? id));
    const { told, overtaken } = sortDigest(loose, cases);
    await change(tx, overtaken, { state: 'overtaken', settledAt: at, carriedBy: null });
    const [lead, ...carried] = told;
    if (!lead) return { leads: uncertain, cases };
    await change(tx, [lead], { carriedBy: null });
    await change(tx, carried, { carriedBy: lead.id });
    return { leads: [...uncertain, lead.id], cases };
  });
}

function waiting(until: string) {
  return and(eq(message.leaving, 'digest'), eq(message.state, 'queued'), lte(message.leavesAt, until));
}

async function change(tx: Transaction, rows: MessageRow[], values: Partial<MessageRow>): Promise<void> {
  if (rows.length > 0) await tx.update(message).set(values).where(among(rows));
}

function among(rows: MessageRow[]) {
  const ids = rows.map(({ id }) => id);
  return inArray(message.id, ids);
}

/** Ids of those with a try of which nobody knows what came. */
async function withOpenAttempt(tx: Transaction, rows: MessageRow[]): Promise<string[]> {
  const open = await tx
    .selectDistinct({ id: message.id })
    .from(message)
    .innerJoin(attempt, and(eq(attempt.messageId, message.id), isNull(attempt.outcome)))
    .where(among(rows))
    .orderBy(message.id);
  return open.map(({ id }) => id);
}

async function casesOf(tx: Transaction, messages: MessageRow[]): Promise<DigestCases> {
  const { acceptanceNumber, dueOn, submittedAt, escalationLevel, closed } = application;
  const inOtherStatus = and(eq(timeline.acceptanceNumber, acceptanceNumber), ne(timeline.status, application.status));
  const numbers = messages.flatMap((one) => one.acceptanceNumber ?? []);
  const rows = await tx
    .select({ acceptanceNumber, dueOn, submittedAt, escalationLevel, closed, otherStatusUntil: max(timeline.sequence) })
    .from(application)
    .leftJoin(timeline, inOtherStatus)
    .where(inArray(acceptanceNumber, numbers))
    .groupBy(acceptanceNumber);
  return new Map(rows.map((row) => [row.acceptanceNumber, row]));
}
