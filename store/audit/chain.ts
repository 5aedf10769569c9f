import type { AuditRecord } from '../../domain/audit.ts';
import type { Keyring } from '../encryption/keyring.ts';
import type { AuditChainRow, AuditEntryRow } from './tables.ts';

/** What an entry's MAC covers: all of it but the encrypted circumstances, whose hash it has. */
type Covered = Omit<AuditEntryRow, 'circumstances' | 'mac'>;

/** MAC of an entry, which holds that of the one before it. Only who has DATA_HASH_KEY can make one. */
export function macOf(keyring: Keyring, entry: Covered): string {
  const { chain, position, at, by, role, action, kind, part, objects, people, why } = entry;
  const covered = [chain, position, at, by, role, action, kind, part, objects, people, why];
  return keyring.hash(JSON.stringify(['audit', ...covered, entry.circumstancesHash, entry.previous]));
}

/** MAC of a chain's end. */
export function headMacOf(keyring: Keyring, { id, number, last, mac }: Omit<AuditChainRow, 'headMac'>): string {
  return keyring.hash(JSON.stringify(['audit chain', id, number, last, mac]));
}

/** Hash of the circumstances; the entry's place in it makes those of two entries differ. */
export function circumstancesHashOf(
  keyring: Keyring,
  { chain, position }: Pick<Covered, 'chain' | 'position'>,
  circumstances: AuditRecord['circumstances'],
): string {
  const { address, reason = null } = circumstances;
  return keyring.hash(JSON.stringify(['audit circumstances', chain, position, address, reason]));
}

/** What the circumstances of an entry are encrypted for. */
export const auditContext = ({ chain, position }: Pick<Covered, 'chain' | 'position'>) => `audit:${chain}:${position}`;
