import { and, eq, sql } from 'drizzle-orm';
import { open, seal } from '../encryption/sealing.ts';
import type { Store, Transaction } from '../open.ts';
import { given, prepared, slots } from '../prepared.ts';
import { idempotency } from './tables.ts';

/** What a request was answered. */
export interface RememberedAnswer {
  status: number;
  body?: unknown;
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
  const [row] = await requestOf(store.db, { subject, key });
  if (!row) return undefined;
  const answer = row.answer === null ? null : (open(store, answerContext(row), row.answer) as RememberedAnswer);
  return { ...row, answer };
}

/**
 * Remembers a request before its message is sent, so that a retry knows it may have been.
 * @returns what is remembered under the key: this request, or the one that came first
 */
export async function rememberRequest(
  store: Store,
  request: Omit<RememberedRequest, 'answer'>,
): Promise<RememberedRequest> {
  if ((await remember(store.db, { ...request, answer: null })).length > 0) return { ...request, answer: null };
  return (await findRequest(store, request.subject, request.key)) as RememberedRequest;
}

/**
 * Remembers a request, and its answer if that is known already, in the transaction that does what it asks for.
 * @returns false where one with the same key has got there first
 */
export async function rememberDone(
  store: Store,
  tx: Transaction,
  { answer, ...request }: RememberedRequest,
): Promise<boolean> {
  const sealed = answer && seal(store, answerContext(request), answer);
  return (await remember(tx, { ...request, answer: sealed })).length > 0;
}

/** Keeps an answer for retries; encrypted, since it tells of people. */
export async function rememberAnswer(store: Store, subject: string, key: string, answer: RememberedAnswer) {
  await keepAnswer(store.db, { subject, key, answer: seal(store, answerContext({ subject, key }), answer) });
}

/** What a request's encrypted answer belongs to. */
export const answerContext = ({ subject, key }: Pick<RememberedRequest, 'subject' | 'key'>) =>
  JSON.stringify([subject, key]);

const ofKey = and(eq(idempotency.subject, sql.placeholder('subject')), eq(idempotency.key, sql.placeholder('key')));
const requestOf = prepared('request', (db) => db.select().from(idempotency).where(ofKey));
const remember = prepared('remember a request', (db) =>
  db
    .insert(idempotency)
    .values(slots('subject', 'key', 'bodyHash', 'acceptanceNumber', 'createdAt', 'answer'))
    .onConflictDoNothing()
    .returning({ key: idempotency.key }),
);
const keepAnswer = prepared('answer a request', (db) => db.update(idempotency).set(given('answer')).where(ofKey));
