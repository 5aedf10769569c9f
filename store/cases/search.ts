import { eq, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Search } from '../../domain/cases/search.ts';
import { nameKey } from '../../domain/people/names.ts';
import type { Store } from '../open.ts';
import type { Person } from '../people/personal.ts';
import { application, tailOfNumber } from './tables.ts';

/**
 * By what staff find an applicant: keyed hashes of the whole name, the same for all ways of writing it, and of the last
 * four digits of the phone. There are only so many of these that whoever could have them hashed would have them all: so
 * each kind is hashed under a word of its own, and nothing else under that.
 */
export function searchColumns(store: Pick<Store, 'keyring'>, { name, phone }: Pick<Person, 'name' | 'phone'>) {
  return { nameHash: nameHash(store, nameKey(name)), phoneTailHash: phoneTailHash(store, phone.slice(-4)) };
}

const nameHash = ({ keyring }: Pick<Store, 'keyring'>, key: string) => keyring.hash(`name ${key}`);
const phoneTailHash = ({ keyring }: Pick<Store, 'keyring'>, tail: string) => keyring.hash(`phone tail ${tail}`);

/** Of applications: those that a search means, ended ones too; erased ones tell of nobody any more. */
export function isMeant(store: Store, { acceptanceNumber, tail, name, phoneTail }: Search): (SQL | undefined)[] {
  const any = or(
    acceptanceNumber === undefined ? undefined : eq(application.acceptanceNumber, acceptanceNumber),
    tail === undefined ? undefined : eq(tailOfNumber(application.acceptanceNumber), tail),
    name === undefined ? undefined : eq(application.nameHash, nameHash(store, name)),
    phoneTail === undefined ? undefined : eq(application.phoneTailHash, phoneTailHash(store, phoneTail)),
  );
  return [any ?? sql`false`, isNull(application.erasedAt)];
}
