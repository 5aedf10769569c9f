import type { application } from './schema.ts';
import type { Store } from './store.ts';
import type { PersonalData } from './types.ts';

export type ApplicationRow = typeof application.$inferSelect;

/** Encrypts the personal part of an application, bound to its acceptance number. */
export function sealPersonal(store: Store, acceptanceNumber: string, personal: PersonalData): string {
  return store.keyring.encrypt(Buffer.from(JSON.stringify(personal)), acceptanceNumber).toString('base64');
}

export function openPersonal(store: Store, row: Pick<ApplicationRow, 'acceptanceNumber' | 'personal'>): PersonalData {
  return JSON.parse(store.keyring.decrypt(Buffer.from(row.personal, 'base64'), row.acceptanceNumber).toString());
}
