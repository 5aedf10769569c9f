import { open, seal } from '../encryption/sealing.ts';
import type { Store } from '../open.ts';
import type { Person } from '../people/personal.ts';
import type { AccreditationRow } from './tables.ts';

/** Encrypts who was accredited, bound to the accreditation's id. */
export function sealPerson(store: Store, id: string, person: Person): string {
  return seal(store, id, person);
}

export function openPerson(store: Store, row: Pick<AccreditationRow, 'id' | 'personal'>): Person {
  return open(store, row.id, row.personal) as Person;
}
