import { and, eq, inArray, ne } from 'drizzle-orm';
import { accreditation } from '../accreditations/tables.ts';
import { application } from '../cases/tables.ts';
import { type About, isAbout } from '../notifications/about.ts';
import { attempt, notification } from '../notifications/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { lockPerson } from '../people/lock.ts';
import { assertCaseFree, assertFree } from './holds.ts';

/**
 * The first step of erasing a closed case: from then on nobody sees it, no hold can be set on it, and nothing about it
 * is told or asked any more, so nothing begins a workflow again. A second try changes nothing.
 * @param at instant
 * @returns the ids of its notifications, under which workflows may have dispatched or followed them; undefined where
 * the case isn't closed, or is erased
 * @throws UnderHold
 */
export function takeOutCase(store: Store, acceptanceNumber: string, at: string): Promise<string[] | undefined> {
  const ofCase = eq(application.acceptanceNumber, acceptanceNumber);
  return store.db.transaction(async (tx) => {
    const [found] = await tx.select({ hash: application.idNumberHash }).from(application).where(ofCase);
    await lockPerson(tx, found?.hash ?? '');
    const [row] = await tx.select().from(application).where(and(ofCase, erasableCase)).for('update');
    if (!row) return undefined;
    if (row.erasedAt === null) {
      await assertCaseFree(tx, row);
      await tx.update(application).set({ erasedAt: at }).where(ofCase);
    }
    return silence(tx, { acceptanceNumber }, at);
  });
}

/** As `takeOutCase`, of an accreditation that nothing can happen to any more. */
export function takeOutAccreditation(store: Store, id: string, at: string): Promise<string[] | undefined> {
  const ofOne = eq(accreditation.id, id);
  return store.db.transaction(async (tx) => {
    const [found] = await tx.select({ hash: accreditation.idNumberHash }).from(accreditation).where(ofOne);
    await lockPerson(tx, found?.hash ?? '');
    const [row] = await tx.select().from(accreditation).where(and(ofOne, erasableAccreditation)).for('update');
    if (!row) return undefined;
    if (row.erasedAt === null) {
      // Also where only one of their cases is held: it may be the one that brought it.
      await assertFree(tx, row.idNumberHash);
      await tx.update(accreditation).set({ erasedAt: at }).where(ofOne);
    }
    return silence(tx, { accreditationId: id }, at);
  });
}

/** Closed, and still to be found by its person, be it that its erasure was begun. */
export const erasableCase = and(application.closed, ne(application.idNumberHash, ''));
export const erasableAccreditation = and(accreditation.closed, ne(accreditation.idNumberHash, ''));

async function silence(tx: Transaction, about: About, at: string): Promise<string[]> {
  const rows = await tx
    .select({ id: notification.id })
    .from(notification)
    .where(isAbout(notification, about))
    .orderBy(notification.id)
    .for('update');
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return ids;
  const untold = and(inArray(notification.id, ids), inArray(notification.state, ['queued', 'failed']));
  await tx.update(notification).set({ state: 'overtaken', followed: true, settledAt: at }).where(untold);
  await tx.update(attempt).set({ askAt: null }).where(inArray(attempt.notificationId, ids));
  return ids;
}
