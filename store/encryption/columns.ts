import { customType, text } from 'drizzle-orm/pg-core';
import type { Keyring } from './keyring.ts';
import { openText, sealText } from './sealing.ts';

/** A column as `table.column`, by their names in the database. */
export type Place = `${string}.${string}`;

/** What a column's ciphertext can't be read without: the column it lies in, or also the row. */
type Bound = 'column' | 'row';

const places = new Map<Place, Bound>();
/** Every encrypted column, and to what its ciphertexts are bound. */
export const encryptedColumns: ReadonlyMap<Place, Bound> = places;

let keys: Keyring | undefined;

/**
 * Says which keys the encrypted columns of this process use. Drizzle's column types know neither the database nor who
 * asks, and a process has one set of keys: `openStore` gives it.
 */
export function useKeyring(keyring: Keyring): void {
  keys = keyring;
}

/**
 * A column that the database may not show: a value, encrypted as JSON. Queries read and write the value itself; SQL
 * sees nothing of it, so what it has to find or count needs a column of its own. Bound to table and column, since a
 * column type doesn't know the row. What says who somebody is, or is a document, is bound to its row too: `sealed`.
 */
export function encrypted<Value>(place: Place) {
  const column = customType<{ data: Value; driverData: string | null }>({
    dataType: () => 'text',
    // A prepared query gives null too, for which PostgreSQL has a value.
    toDriver: (value) => (value === null ? null : sealText(keyring(), place, JSON.stringify(value))),
    fromDriver: (ciphertext) => JSON.parse(openText(keyring(), place, ciphertext as string)) as Value,
  });
  return column(register(place, 'column'));
}

/** A column with a ciphertext that is bound to its row, by whoever writes it (`seal`). */
export function sealed(place: Place) {
  return text(register(place, 'row'));
}

/** @returns the column's name */
function register(place: Place, bound: Bound): string {
  places.set(place, bound);
  return place.slice(place.indexOf('.') + 1);
}

function keyring(): Keyring {
  if (!keys) throw new Error('Encrypted columns are used before the store was opened');
  return keys;
}
