import { and, eq } from 'drizzle-orm';
import { accreditationEntry, idempotency, timeline } from './schema.ts';
import type { Store, Transaction } from './store.ts';

/** What a request was answered. */
export interface RememberedAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export interface RememberedRequest {
  subject: string;
  key: string;
  bodyHash: string;
  acceptanceNumber: string;
  /** Instant. */
  createdAt: string;
  /** Null while the first try is under way, or died. */
  answer: RememberedAnswer | null;
}

/** What is known of a request with this key; undefined when it is new. */
export async function findRequest(store: Store, subject: string, key: string): Promise<RememberedRequest | undefined> {
  const [row] = await store.db.select().from(idempotency).where(ofKey(subject, key));
  return row && { ...row, answer: row.answer === null ? null : open(store, subject, key, row.answer) };
}

/**
 * Remembers a request before its message is sent, so that a retry knows it may have been.
 * @returns what is remembered under the key: this request, or the one that came first
 */
export async function rememberRequest(
  store: Store,
  request: Omit<RememberedRequest, 'answer'>,
): Promise<RememberedRequest> {
  await store.db.insert(idempotency).values(request).onConflictDoNothing();
  return (await findRequest(store, request.subject, request.key)) as RememberedRequest;
}

/** Remembers a request in the transaction that does what it asks for. @returns false where one with the same key has got there first */
export async function rememberDone(tx: Transaction, request: Omit<RememberedRequest, 'answer'>): Promise<boolean> {
  return (await tx.insert(idempotency).values(request).onConflictDoNothing().returning()).length > 0;
}

/** Keeps an answer for retries; encrypted, since it tells of people. */
export async function rememberAnswer(store: Store, subject: string, key: string, answer: RememberedAnswer) {
  const sealed = store.keyring.encrypt(Buffer.from(JSON.stringify(answer)), contextOf(subject, key));
  await store.db
    .update(idempotency)
    .set({ answer: sealed.toString('base64') })
    .where(ofKey(subject, key));
}

function open(store: Store, subject: string, key: string, sealed: string): RememberedAnswer {
  return JSON.parse(store.keyring.decrypt(Buffer.from(sealed, 'base64'), contextOf(subject, key)).toString());
}

const contextOf = (subject: string, key: string) => JSON.stringify([subject, key]);

/** Whether an Update with this id has changed the case: its answer may be lost, its effect is not. */
export async function wasRecorded(store: Store, acceptanceNumber: string, requestId: string): Promise<boolean> {
  const where = and(eq(timeline.acceptanceNumber, acceptanceNumber), eq(timeline.requestId, requestId));
  return (await store.db.select({ sequence: timeline.sequence }).from(timeline).where(where)).length > 0;
}

/** As `wasRecorded`, for an accreditation. */
export async function wasAccreditationRecorded(store: Store, id: string, requestId: string): Promise<boolean> {
  const { accreditationId, requestId: cause, sequence } = accreditationEntry;
  const where = and(eq(accreditationId, id), eq(cause, requestId));
  return (await store.db.select({ sequence }).from(accreditationEntry).where(where)).length > 0;
}

function ofKey(subject: string, key: string) {
  return and(eq(idempotency.subject, subject), eq(idempotency.key, key));
}
