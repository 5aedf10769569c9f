import { and, asc, eq, gt, isNotNull, lt } from 'drizzle-orm';
import type { SmsText } from '../../domain/notifications/drafts.ts';
import type { ApplicationRow } from '../cases/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { personKey } from './about.ts';
import { unbegun } from './overtaken.ts';
import { sealNotification } from './personal.ts';
import { notification } from './tables.ts';

/** A 短信 to a phone of an applicant's that isn't that of the case. */
export interface SealedDraft {
  id: string;
  purpose: 'phoneCode' | 'phoneReplaced' | 'filedOtherwise' | 'actedAtWindow';
  recipient: 'newPhone' | 'formerPhone';
  phone: string;
  text: SmsText;
  /** Nobody but the provider gets to read the words. */
  secret: boolean;
  /** Instant: it leaves at once, whatever the time of day. */
  at: string;
  /** Instant after which it says nothing any more. */
  until?: string;
}

/** Within this time it is still worth telling. */
const DAY_MS = 86_400_000;

/**
 * Sealed notifications that are still queued although they were written before an instant, on the day up to it: the
 * start of their dispatch may have been lost.
 * @returns their ids, oldest first, and the instant after which one says nothing any more
 */
export async function queuedSealed(
  store: Store,
  before: string,
): Promise<{ notificationId: string; until?: string }[]> {
  const since = new Date(Date.parse(before) - DAY_MS).toISOString();
  const rows = await store.db
    .select({ notificationId: notification.id, until: notification.until })
    .from(notification)
    .where(
      and(
        isNotNull(notification.sealed),
        eq(notification.state, 'queued'),
        lt(notification.createdAt, before),
        gt(notification.createdAt, since),
      ),
    )
    .orderBy(asc(notification.createdAt));
  return rows.map(({ notificationId, until }) => ({ notificationId, ...(until === null ? {} : { until }) }));
}

/**
 * Drops a case's codes that nobody has begun to send: a newer code takes their place.
 * @param at instant
 */
export async function dropOlderCodes(tx: Transaction, acceptanceNumber: string, at: string): Promise<void> {
  const ofCase = and(eq(notification.acceptanceNumber, acceptanceNumber), eq(notification.purpose, 'phoneCode'));
  await tx
    .update(notification)
    .set({ state: 'overtaken', settledAt: at })
    .where(and(ofCase, eq(notification.state, 'queued'), unbegun(tx)));
}

/**
 * Tells a number that it isn't an applicant's any more, that somebody filed who doesn't give it, or that a clerk acted
 * for who was at the window.
 */
export function tellFormer(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  told: Pick<SealedDraft, 'id' | 'phone' | 'text' | 'at'> & { purpose: Exclude<SealedDraft['purpose'], 'phoneCode'> },
): Promise<void> {
  return writeSealed(store, tx, row, {
    ...told,
    recipient: 'formerPhone',
    secret: false,
  });
}

/**
 * Writes a sealed notification; one that is there, since somebody has begun to send it, stays as it is. Nobody goes on
 * where it doesn't arrive: a code is asked for again, and an old phone may be gone.
 */
export async function writeSealed(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  draft: SealedDraft,
): Promise<void> {
  const { id, purpose, recipient, phone, text, secret, at, until } = draft;
  const { acceptanceNumber, sequence, idNumberHash } = row;
  const words = { body: text.body, parameters: text.template?.parameters ?? null };
  const shown = secret ? { body: '', parameters: null } : words;
  await tx
    .insert(notification)
    .values({
      ...{ id, acceptanceNumber, sequence, purpose, recipient, ...shown },
      channel: 'sms',
      recipientKey: personKey(idNumberHash, store.keyring.hash(phone)),
      templateCode: text.template?.code,
      sealed: sealNotification(store, id, secret ? { phone, ...words } : { phone }),
      createdAt: at,
      leaving: 'anyTime',
      leavesAt: at,
      until,
      state: 'queued',
      followed: true,
    })
    .onConflictDoNothing();
}
