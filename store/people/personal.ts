import type { PersonField, Typed } from '../../domain/people/typed.ts';
import { open, seal } from '../encryption/sealing.ts';
import type { Store } from '../open.ts';

/** A person as what they gave of themselves was understood: stored encrypted, never sent to Temporal. */
export interface Person {
  name: string;
  idNumber: string;
  phone: string;
  /** What they typed, where that was something else. */
  typed?: Typed<PersonField>;
}

/** Encrypts a phone. @param context what it belongs to */
export function sealPhone(store: Store, context: string, phone: string): string {
  return seal(store, context, { phone });
}

export function openPhone(store: Store, context: string, sealed: string): string {
  return (open(store, context, sealed) as { phone: string }).phone;
}
