import type { accreditation, application } from './schema.ts';
import type { Store } from './store.ts';
import type { Person, PersonalData } from './types.ts';

export type AccreditationRow = typeof accreditation.$inferSelect;
export type ApplicationRow = typeof application.$inferSelect;

/** Encrypts the personal part of an application, bound to its acceptance number. */
export function sealPersonal(store: Store, acceptanceNumber: string, personal: PersonalData): string {
  return seal(store, acceptanceNumber, personal);
}

export function openPersonal(store: Store, row: Pick<ApplicationRow, 'acceptanceNumber' | 'personal'>): PersonalData {
  return open(store, row.acceptanceNumber, row.personal) as PersonalData;
}

/** Encrypts who was accredited, bound to the accreditation's id. */
export function sealPerson(store: Store, id: string, person: Person): string {
  return seal(store, id, person);
}

export function openPerson(store: Store, row: Pick<AccreditationRow, 'id' | 'personal'>): Person {
  return open(store, row.id, row.personal) as Person;
}

function seal({ keyring }: Store, context: string, value: object): string {
  return keyring.encrypt(Buffer.from(JSON.stringify(value)), context).toString('base64');
}

function open({ keyring }: Store, context: string, sealed: string): unknown {
  return JSON.parse(keyring.decrypt(Buffer.from(sealed, 'base64'), context).toString());
}
