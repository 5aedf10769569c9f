import { and, asc, eq, exists, inArray, isNull, notInArray, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { accreditation } from '../accreditations/tables.ts';
import { application } from '../cases/tables.ts';
import { rememberDone } from '../idempotency/requests.ts';
import type { Database, Store, Transaction } from '../open.ts';
import { isAny, prepared } from '../prepared.ts';
import { personOf } from './queries.ts';
import { leadOf } from './settling.ts';
import {
  type CallOutcome,
  type CallRow,
  type CallTry,
  call,
  doneStates,
  type NotificationPurpose,
  type NotificationRow,
  notification,
} from './tables.ts';

/** What a call is about; undefined for one that there never was. */
export async function aboutCall(store: Store, id: string) {
  const [row] = await store.db
    .select({ id: call.notificationId, application, accreditation })
    .from(call)
    .innerJoin(notification, eq(notification.id, call.notificationId))
    .leftJoin(application, eq(application.acceptanceNumber, notification.acceptanceNumber))
    .leftJoin(accreditation, eq(accreditation.id, notification.accreditationId))
    .where(eq(call.notificationId, id));
  return row;
}

/** Somebody to be called, and what to tell them. */
export interface OpenCall {
  /** The notification's that didn't arrive. */
  id: string;
  /** Instant. */
  since: string;
  acceptanceNumber: string | null;
  accreditationId: string | null;
  name: string;
  /** 11 digits; empty where nobody knows it. */
  phone: string;
  purpose: NotificationPurpose;
  /** What the 短信 said; several where it stood for several. What has arrived or was overtaken is left out. */
  texts: string[];
  tries: CallTry[];
}

const said = alias(notification, 'said');

/**
 * The notifications whose words are still to be said in calls: those that the failed ones stand for and that have
 * neither arrived nor been overtaken.
 */
function toSay(db: Database | Transaction, leads: string[] | SQL) {
  const ofLeads = or(inArray(said.id, leads), inArray(said.carriedBy, leads));
  return db
    .select()
    .from(said)
    .where(and(ofLeads, notInArray(said.state, doneStates)))
    .orderBy(asc(said.id));
}

/**
 * Calls that nobody has made yet and that there is still something to say in, oldest first.
 * @param after where the last page ended
 */
export async function openCalls(
  store: Store,
  { after, limit }: { after?: { since: string; id: string } | undefined; limit: number },
): Promise<OpenCall[]> {
  const behind = after && sql`(${call.createdAt}, ${call.notificationId}) > (${after.since}, ${after.id})`;
  const rows = await store.db
    .select()
    .from(call)
    .innerJoin(notification, eq(notification.id, call.notificationId))
    .leftJoin(application, eq(application.acceptanceNumber, notification.acceptanceNumber))
    .leftJoin(accreditation, eq(accreditation.id, notification.accreditationId))
    .where(and(isNull(call.doneAt), exists(toSay(store.db, sql`(${call.notificationId})`)), behind))
    .orderBy(asc(call.createdAt), asc(call.notificationId))
    .limit(limit);
  const rowsToSay = await toSay(
    store.db,
    rows.map((row) => row.call.notificationId),
  );
  return rows.map(({ call: { notificationId: id, createdAt: since, tries }, notification: lead, ...about }) => {
    const ofCall = rowsToSay.filter((row) => leadOf(row) === id);
    const { acceptanceNumber, accreditationId, purpose } = ofCall[0] ?? lead;
    const { name, phone } = personOf(store, about) ?? { name: '', phone: '' };
    const texts = ofCall.map(({ body }) => body);
    return { id, since, name, phone, acceptanceNumber, accreditationId, purpose, texts, tries };
  });
}

/**
 * Calls about notifications, by the notification's id. Of notifications that were dispatched as one, each has the same call.
 */
export async function callsAbout(store: Store, notifications: NotificationRow[]): Promise<Map<string, CallRow>> {
  // Nearly none has come to a call, which its steps tell; for one that is carried, those of its lead would.
  const mayHaveCall = ({ carriedBy, steps }: NotificationRow) =>
    carriedBy !== null || steps.some(({ step }) => step === 'call');
  const leads = notifications.filter(mayHaveCall).map(leadOf);
  if (leads.length === 0) return new Map();
  const rows = await about(store.db, { leads });
  const byLead = new Map(rows.map((row) => [row.notificationId, row]));
  return new Map(
    notifications.flatMap((row) => {
      const called = byLead.get(leadOf(row));
      return called ? [[row.id, called] as const] : [];
    }),
  );
}

const about = prepared('calls', (db) => db.select().from(call).where(isAny(call.notificationId, 'leads')));

/** How a call went. */
export interface CallRecord {
  outcome: CallOutcome | 'notReached';
  note?: string | undefined;
  by: string;
  /** Instant. */
  at: string;
  /** Of `by`, where it may come again: it is taken down once. */
  request?: { key: string; bodyHash: string } | undefined;
}

/**
 * Takes down how a call went; one that reached nobody stays to be made.
 * @returns `done` where somebody else has closed it before, or there is nothing to say any more; undefined where there
 * is no such call
 */
export function recordCall(store: Store, id: string, { outcome, note, by, at, request }: CallRecord) {
  return store.db.transaction(async (tx): Promise<'recorded' | 'done' | undefined> => {
    const ofNotification = eq(call.notificationId, id);
    const [row] = await tx.select().from(call).where(ofNotification).for('update');
    if (!row) return undefined;
    if (row.doneAt !== null) return row.doneBy === by && row.outcome === outcome ? 'recorded' : 'done';
    const [firstRow] = await toSay(tx, [id]);
    if (!firstRow) return 'done';
    if (request) {
      const about = (firstRow.acceptanceNumber ?? firstRow.accreditationId) as string;
      const remembered = { ...request, subject: by, acceptanceNumber: about, createdAt: at, answer: null };
      if (!(await rememberDone(store, tx, remembered))) return 'recorded';
    }
    if (outcome === 'notReached') {
      const tries = [...row.tries, { at, by, ...(note ? { note } : {}) }];
      await tx.update(call).set({ tries }).where(ofNotification);
    } else {
      await tx
        .update(call)
        .set({ outcome, note: note ?? null, doneAt: at, doneBy: by })
        .where(ofNotification);
    }
    return 'recorded';
  });
}
