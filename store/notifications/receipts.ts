import { and, asc, eq, lte, type SQL, sql } from 'drizzle-orm';
import type { Taken } from '../../domain/notifications/receipts.ts';
import type { Store } from '../open.ts';
import { type AttemptKey, ofAttempt } from './sending.ts';
import { lockNotifications, settle, withCarried } from './settling.ts';
import { type AttemptRow, attempt } from './tables.ts';

/**
 * Takes down a receipt (回执), by a callback or because it was asked for. A late, repeated or overtaken receipt changes
 * nothing: an attempt that has arrived or failed is never under way again, and one that has arrived hasn't failed. A
 * receipt for an attempt whose provider's id isn't known yet is asked for later.
 * @param key the attempt, or the provider's name and its id for it
 * @param at instant
 */
export async function recordReceipt(
  store: Store,
  key: AttemptKey | { provider: string; providerId: string },
  { state: receipt, failure }: Pick<Taken, 'state' | 'failure'>,
  at: string,
): Promise<void> {
  if (receipt === 'underWay') return;
  const isNew = receipt === 'delivered' ? sql`${attempt.receipt} <> 'delivered'` : eq(attempt.receipt, 'underWay');
  await store.db.transaction(async (tx) => {
    const tried = await tx.select().from(attempt).where(attemptOf(key));
    const ids = tried.map(({ notificationId }) => notificationId);
    await lockNotifications(tx, withCarried(...ids));
    const updated = await tx
      .update(attempt)
      .set({ receipt, askAt: null })
      .where(and(attemptOf(key), isNew))
      .returning();
    for (const { notificationId } of updated) {
      const underWay = and(eq(attempt.notificationId, notificationId), eq(attempt.receipt, 'underWay'));
      // Another provider may still bring it.
      const hopes = receipt === 'undelivered' && (await tx.$count(attempt, underWay)) > 0;
      if (!hopes) await settle(tx, notificationId, receipt, { at, failure });
    }
  });
}

function attemptOf(key: AttemptKey | { provider: string; providerId: string }): SQL | undefined {
  if ('number' in key) return ofAttempt(key);
  return and(eq(attempt.provider, key.provider), eq(attempt.providerId, key.providerId));
}

/** Attempts whose provider is to be asked for the receipt by `now` (instant), those that wait longest first. */
export function attemptsToAsk(store: Store, now: string, limit: number): Promise<AttemptRow[]> {
  return store.db.select().from(attempt).where(lte(attempt.askAt, now)).orderBy(asc(attempt.askAt)).limit(limit);
}

/** @param askAt instant of the next question */
export async function askAgainAt(store: Store, key: AttemptKey, askAt: string): Promise<void> {
  await store.db
    .update(attempt)
    .set({ askAt })
    .where(and(ofAttempt(key), eq(attempt.receipt, 'underWay')));
}
