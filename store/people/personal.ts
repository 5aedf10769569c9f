import { open, seal } from '../encryption/sealing.ts';
import type { Store } from '../open.ts';

/** A person as they gave themselves: stored encrypted, never sent to Temporal. */
export interface Person {
  name: string;
  idNumber: string;
  phone: string;
}

/** Encrypts a phone. @param context what it belongs to */
export function sealPhone(store: Store, context: string, phone: string): string {
  return seal(store, context, { phone });
}

export function openPhone(store: Store, context: string, sealed: string): string {
  return (open(store, context, sealed) as { phone: string }).phone;
}
