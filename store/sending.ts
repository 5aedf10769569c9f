import { and, asc, eq, inArray, isNull, lte, max, ne, or, sql } from 'drizzle-orm';
import type { Taken } from '../domain/receipts.ts';
import { phoneOf } from './messages.ts';
import { accreditation, application, attempt, message, staff } from './schema.ts';
import type { Store, Transaction } from './store.ts';

export type MessageRow = typeof message.$inferSelect;
export type AttemptRow = typeof attempt.$inferSelect;

/** A message that still has to be handed over. */
export interface OutgoingMessage {
  id: string;
  channel: 'sms' | 'email';
  /** An E.164 phone number or an e-mail address; null where the recipient isn't known (any more). */
  address: string | null;
  subject: string;
  body: string;
  /** For providers that know a 短信 by its template and parameters only (阿里云); null where the policy names none. */
  template: { code: string; parameters: Record<string, string> } | null;
}

/** A message with what decides what is done with it now. */
export interface QueuedMessage {
  row: MessageRow;
  outgoing: OutgoingMessage;
  /** So far, oldest first. */
  attempts: AttemptRow[];
}

/** Those of the messages that nobody has taken yet, and that no other one carries; the recipient's address is looked up now. */
export async function queuedOf(store: Store, ids: string[]): Promise<QueuedMessage[]> {
  const rows = await store.db
    .select()
    .from(message)
    .leftJoin(application, eq(application.acceptanceNumber, message.acceptanceNumber))
    .leftJoin(accreditation, eq(accreditation.id, message.accreditationId))
    .leftJoin(staff, eq(staff.id, message.recipient))
    .where(and(inArray(message.id, ids), eq(message.state, 'queued'), isNull(message.carriedBy)))
    .orderBy(asc(message.id));
  const attempts = await attemptsOf(store, rows.map(({ message: { id } }) => id));
  return rows.map(({ message: row, ...about }) => {
    const { id, channel, recipient, subject, body, templateCode, parameters } = row;
    const phone = recipient === 'applicant' ? phoneOf(store, about) : about.staff?.phone;
    const address = (channel === 'sms' ? phone : about.staff?.email) ?? null;
    const template = templateCode && parameters ? { code: templateCode, parameters } : null;
    const outgoing = { id, channel: channel as 'sms' | 'email', address, subject: subject ?? '', body, template };
    return { row, outgoing, attempts: attempts.filter(({ messageId }) => messageId === id) };
  });
}

function attemptsOf(store: Store, ids: string[]): Promise<AttemptRow[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return store.db.select().from(attempt).where(inArray(attempt.messageId, ids)).orderBy(asc(attempt.number));
}

/** Others like a collected message, to the same person, whose time has come by `now` (instant): it will carry them. */
export function waitingBeside({ db }: Store, { id, recipientKey, leaving, channel }: MessageRow, now: string) {
  const beside = and(
    eq(message.recipientKey, recipientKey),
    eq(message.leaving, leaving),
    eq(message.channel, channel),
    eq(message.state, 'queued'),
    or(eq(message.carriedBy, id), and(isNull(message.carriedBy), lte(message.leavesAt, now))),
    ne(message.id, id),
  );
  return db.select().from(message).where(beside).orderBy(asc(message.id));
}

/**
 * Writes down that a message is about to be sent, so that whoever tries again asks first. From then on it carries the others: what is tried again
 * says the same.
 * @returns the attempt's number; null where somebody else has taken it, or one of the others, in hand just now
 */
export function beginAttempt(
  store: Store,
  id: string,
  { provider, startedAt, carries = [] }: { provider: string; startedAt: string; carries?: string[] | undefined },
): Promise<number | null> {
  return store.db.transaction(async (tx) => {
    const ids = [id, ...carries];
    const rows = await tx.select().from(message).where(inArray(message.id, ids)).orderBy(asc(message.id)).for('update');
    const free = rows.every((row) => row.state === 'queued' && [null, id].includes(row.id === id ? null : row.carriedBy));
    const lead = rows.find((row) => row.id === id);
    if (!free || lead?.carriedBy) return null;
    if (carries.length > 0) await tx.update(message).set({ carriedBy: id }).where(inArray(message.id, carries));
    const [last] = await tx.select({ number: max(attempt.number) }).from(attempt).where(eq(attempt.messageId, id));
    const number = (last?.number ?? 0) + 1;
    await tx.insert(attempt).values({ messageId: id, number, provider, startedAt });
    return number;
  });
}

/** The provider has not taken it. */
export async function endAttempt(
  store: Store,
  { messageId, number }: Pick<AttemptRow, 'messageId' | 'number'>,
  outcome: 'refused' | 'notTaken',
): Promise<void> {
  await store.db.update(attempt).set({ outcome }).where(ofAttempt(messageId, number));
}

/**
 * The provider has taken a message, and with it those that it carries.
 * @param askAt instant at which to ask for the receipt; null where there will be none
 */
export function markTaken(
  store: Store,
  { messageId, number }: Pick<AttemptRow, 'messageId' | 'number'>,
  { providerId, state: receipt, failure }: Taken,
  { at, askAt }: { at: string; askAt: string | null },
): Promise<void> {
  return store.db.transaction(async (tx) => {
    const pending = receipt === 'underWay' ? askAt : null;
    const taken = { outcome: 'taken' as const, providerId, receipt, askAt: pending };
    await tx.update(attempt).set(taken).where(ofAttempt(messageId, number));
    await settle(tx, messageId, receipt, at, failure);
  });
}

/** The message can't be sent as it is; trying again would change nothing. */
export async function markFailed(store: Store, id: string, failure: string, at: string): Promise<void> {
  await store.db
    .update(message)
    .set({ state: 'failed', failure, settledAt: at })
    .where(and(orCarriedBy(id), eq(message.state, 'queued')));
}

/** What a message and those that it carries become by a receipt; what has arrived stays so, whatever is said of it later. */
async function settle(tx: Transaction, id: string, receipt: Taken['state'], at: string, failure?: string): Promise<void> {
  const states = { underWay: 'sent', delivered: 'delivered', undelivered: 'failed' } as const;
  const state = states[receipt];
  const before = receipt === 'underWay' ? eq(message.state, 'queued') : ne(message.state, 'delivered');
  await tx
    .update(message)
    .set({ state, settledAt: at, failure: failure ?? null })
    .where(and(orCarriedBy(id), before, ne(message.state, state)));
}

const orCarriedBy = (id: string) => or(eq(message.id, id), eq(message.carriedBy, id));
const ofAttempt = (messageId: string, number: number) =>
  and(eq(attempt.messageId, messageId), eq(attempt.number, number));

/**
 * Takes down a receipt (回执), by a callback or because it was asked for. A late, repeated or overtaken one changes nothing: an attempt that has
 * arrived, or has failed, isn't under way again, and one that has arrived hasn't failed. One whose provider id isn't known yet is asked for later.
 * @returns ids of the messages that have failed by it
 */
export function recordReceipt(
  store: Store,
  provider: string,
  { providerId, state: receipt, failure }: Taken,
  at: string,
): Promise<string[]> {
  if (receipt === 'underWay') return Promise.resolve([]);
  return store.db.transaction(async (tx) => {
    const open = receipt === 'delivered' ? sql`${attempt.receipt} is distinct from 'delivered'` : eq(attempt.receipt, 'underWay');
    const about = and(eq(attempt.provider, provider), eq(attempt.providerId, providerId), open);
    const attempts = await tx.update(attempt).set({ receipt, askAt: null }).where(about).returning();
    for (const { messageId } of attempts) {
      const underWay = and(eq(attempt.messageId, messageId), eq(attempt.receipt, 'underWay'));
      const hopes = receipt === 'undelivered' && (await tx.select().from(attempt).where(underWay)).length > 0;
      if (!hopes) await settle(tx, messageId, receipt, at, failure);
    }
    return receipt === 'undelivered' ? attempts.map(({ messageId }) => messageId) : [];
  });
}

/** Attempts whose provider is to be asked for the receipt by `now` (instant), those that wait longest first. */
export async function attemptsToAsk(store: Store, now: string, limit: number) {
  const due = lte(attempt.askAt, now);
  const rows = await store.db.select().from(attempt).where(due).orderBy(asc(attempt.askAt)).limit(limit);
  return rows;
}

/** @param askAt instant of the next question */
export async function askAgainAt(store: Store, { messageId, number }: AttemptRow, askAt: string): Promise<void> {
  await store.db.update(attempt).set({ askAt }).where(and(ofAttempt(messageId, number), eq(attempt.receipt, 'underWay')));
}
