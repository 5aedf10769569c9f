import type { Typed } from '../../domain/people/typed.ts';
import { open, seal } from '../encryption/sealing.ts';
import type { Store } from '../open.ts';
import type { Person } from '../people/personal.ts';
import type { ApplicationRow } from './tables.ts';

/** The personal part of an application. */
export interface PersonalData {
  applicant: Person;
  agent?: Person & { relation: string };
  signature: { name: string; signedAt: string; typed?: Typed<'name'> };
}

/** The personal part of an application as its row has it: encrypted, and the hashes by which it is found. */
export function personalColumns(store: Store, acceptanceNumber: string, personal: PersonalData) {
  const { applicant, agent } = personal;
  return {
    personal: sealPersonal(store, acceptanceNumber, personal),
    phoneHash: store.keyring.hash(applicant.phone),
    agentHash: agent ? store.keyring.hash(agent.idNumber) : null,
  };
}

/** Encrypts the personal part of an application, bound to its acceptance number. */
export function sealPersonal(store: Store, acceptanceNumber: string, personal: PersonalData): string {
  return seal(store, acceptanceNumber, personal);
}

export function openPersonal(store: Store, row: Pick<ApplicationRow, 'acceptanceNumber' | 'personal'>): PersonalData {
  return open(store, row.acceptanceNumber, row.personal) as PersonalData;
}
