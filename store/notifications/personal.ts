import { open, seal } from '../encryption/sealing.ts';
import type { Store } from '../open.ts';
import type { AttemptRow, NotificationRow } from './tables.ts';

/**
 * What only the provider gets to read of a notification: the phone (11 digits), and words that take the place of the
 * row's.
 */
export interface SealedNotification {
  phone: string;
  body?: string;
  parameters?: Record<string, string> | null;
}

/** Encrypts what only the provider gets to read of a notification, bound to the notification's id. */
export function sealNotification(store: Store, id: string, sealed: SealedNotification): string {
  return seal(store, id, sealed);
}

/** @returns null where all of the notification may be read */
export function openNotification(
  store: Store,
  { id, sealed }: Pick<NotificationRow, 'id' | 'sealed'>,
): SealedNotification | null {
  return sealed === null ? null : (open(store, id, sealed) as SealedNotification);
}

/** What a provider was given, wherever the person's phone and the policy's words have gone since. */
export interface SealedAttempt {
  /** An E.164 phone number or an e-mail address. */
  address: string;
  body: string;
}

type AttemptId = Pick<AttemptRow, 'notificationId' | 'number'>;

/** Encrypts what a provider is given, bound to the attempt. */
export function sealAttempt(store: Store, key: AttemptId, { address, body }: SealedAttempt): string {
  return seal(store, attemptContext(key), { address, body });
}

/** What a provider was given. */
export function openAttempt(store: Store, row: AttemptId & Pick<AttemptRow, 'sealed'>): SealedAttempt {
  return open(store, attemptContext(row), row.sealed) as SealedAttempt;
}

/** What an attempt's encrypted part belongs to. */
export function attemptContext({ notificationId, number }: AttemptId): string {
  return `${notificationId} ${number}`;
}
