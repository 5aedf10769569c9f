import { and, eq, exists, inArray, isNull, lt, ne, not, type SQL, sql } from 'drizzle-orm';
import { accreditation } from '../accreditations/tables.ts';
import { application } from '../cases/tables.ts';
import { idempotency } from '../idempotency/tables.ts';
import { call, notification } from '../notifications/tables.ts';
import type { Database, Store } from '../open.ts';
import { deleteNotifications } from './erase-told.ts';
import { unheld } from './holds.ts';

/**
 * Deletes APP notifications that were written before an instant.
 * @returns how many, at most the limit; as all below
 */
export function dropInbox(store: Store, before: string, limit: number): Promise<number> {
  return dropNotifications(store, and(eq(notification.channel, 'app'), lt(notification.createdAt, before)), limit);
}

/** Deletes 短信 and mails that were settled before an instant, with their tries; nobody may still have to act on one. */
export function dropSent(store: Store, before: string, limit: number): Promise<number> {
  const { db } = store;
  const openCall = db
    .select()
    .from(call)
    .where(and(eq(call.notificationId, notification.id), isNull(call.doneAt)));
  const { channel, state, followed } = notification;
  // Somebody takes care only of 短信 that have failed.
  const unfollowed = and(eq(channel, 'sms'), eq(state, 'failed'), not(followed));
  const settled = and(
    ne(channel, 'app'),
    lt(notification.settledAt, before),
    ne(state, 'queued'),
    not(unfollowed as SQL),
    not(exists(openCall)),
  );
  return dropNotifications(store, settled, limit);
}

function dropNotifications({ db }: Store, old: SQL | undefined, limit: number): Promise<number> {
  return db.transaction(async (tx) => {
    const rows = await tx
      .select({ id: notification.id })
      .from(notification)
      .where(and(old, isFree(db)))
      .orderBy(notification.id)
      .limit(limit)
      .for('update');
    return rows.length === 0
      ? 0
      : deleteNotifications(
          tx,
          rows.map(({ id }) => id),
        );
  });
}

/** Deletes what clerks noted of calls that were done before an instant. */
export async function dropCalls({ db }: Store, before: string, limit: number): Promise<number> {
  const old = db
    .select({ id: call.notificationId })
    .from(call)
    .innerJoin(notification, eq(notification.id, call.notificationId))
    .where(and(lt(call.doneAt, before), isFree(db)))
    .limit(limit);
  const gone = await db.delete(call).where(inArray(call.notificationId, old)).returning({ id: call.notificationId });
  return gone.length;
}

/** Forgets requests with a key, and what they were answered, that came before an instant. */
export async function dropRequests({ db }: Store, before: string, limit: number): Promise<number> {
  const { subject, key, createdAt } = idempotency;
  const old = db.select({ subject, key }).from(idempotency).where(lt(createdAt, before)).limit(limit);
  const gone = await db.delete(idempotency).where(sql`(${subject}, ${key}) in ${old}`).returning({ key });
  return gone.length;
}

/** Of notifications: no legal hold keeps the case or the accreditation that they are about. */
function isFree(db: Database): SQL | undefined {
  const ofCase = db
    .select({ hash: application.idNumberHash })
    .from(application)
    .where(eq(application.acceptanceNumber, notification.acceptanceNumber));
  const ofAccreditation = db
    .select({ hash: accreditation.idNumberHash })
    .from(accreditation)
    .where(eq(accreditation.id, notification.accreditationId));
  return and(unheld(db, ofCase, notification.acceptanceNumber), unheld(db, ofAccreditation));
}
