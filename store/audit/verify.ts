import { and, asc, eq, gt } from 'drizzle-orm';
import type { AuditRecord } from '../../domain/audit.ts';
import { open } from '../encryption/sealing.ts';
import type { Store } from '../open.ts';
import type { Anchor } from './append.ts';
import { auditContext, circumstancesHashOf, headMacOf, macOf } from './chain.ts';
import { type AuditChainRow, type AuditEntryRow, auditChain, auditEntry } from './tables.ts';

/** How many entries are read at once. */
const SLICE = 1_000;

/** Something that isn't as it was written. `position` is that of the entry; missing where a whole chain is meant. */
export interface Tampering {
  chain: string;
  position?: number;
  what: 'changed' | 'added' | 'removed' | 'circumstances' | 'headChanged';
}

/**
 * Checks every chain, entry by entry.
 * @param anchors ends of chains that were kept elsewhere, as in the logs
 * @param found takes what isn't as it was written, in order
 * @returns how many chains and entries there are
 */
export async function verifyAudit(
  store: Store,
  anchors: Anchor[],
  found: (tampering: Tampering) => void,
): Promise<{ chains: number; entries: number }> {
  const chains = await store.db.select().from(auditChain).orderBy(asc(auditChain.number));
  const kept = new Map(anchors.map((anchor) => [anchor.id, anchor]));
  for (const { number, id } of lost(store, chains, anchors)) found({ chain: id ?? `#${number}`, what: 'removed' });
  let entries = 0;
  for (const chain of chains) entries += await verifyChain(store, chain, kept.get(chain.id), found);
  return { chains: chains.length, entries };
}

/** Chains of which nothing is left: a gap in the numbers, or one that an anchor knows. */
function lost({ keyring }: Store, chains: AuditChainRow[], anchors: Anchor[]): { number: number; id?: string }[] {
  const sound = chains.filter((chain) => headMacOf(keyring, chain) === chain.headMac);
  const numbers = new Set(chains.map(({ number }) => number));
  const last = Math.max(0, ...sound.map(({ number }) => number), ...anchors.map(({ number }) => number));
  const missing = Array.from({ length: last }, (_, index) => index + 1).filter((number) => !numbers.has(number));
  return missing.map((number) => {
    const id = anchors.find((anchor) => anchor.number === number)?.id;
    return { number, ...(id === undefined ? {} : { id }) };
  });
}

async function verifyChain(
  store: Store,
  chain: AuditChainRow,
  anchor: Anchor | undefined,
  found: (tampering: Tampering) => void,
): Promise<number> {
  const { id, last: end } = chain;
  const headHolds = headMacOf(store.keyring, chain) === chain.headMac;
  if (!headHolds) found({ chain: id, what: 'headChanged' });
  let before: { position: number; mac: string | null } = { position: 0, mac: '' };
  let count = 0;
  const removed = (from: number, until: number) => {
    for (let position = from; position <= until; position += 1) found({ chain: id, position, what: 'removed' });
  };
  for await (const entry of entriesOf(store, id)) {
    count += 1;
    const { position, mac } = entry;
    removed(before.position + 1, position - 1);
    const what = tampered(store, entry, before.position === position - 1 ? before.mac : null);
    if (what) found({ chain: id, position, what: what === 'changed' && position > end ? 'added' : what });
    // What we have written ourselves can't come after the end, unless somebody has put an earlier end back.
    else if (headHolds && position === end + 1) found({ chain: id, what: 'headChanged' });
    // What follows a changed entry may be right: its own MAC holds what was before it.
    before = { position, mac: what === 'changed' ? null : mac };
  }
  removed(before.position + 1, Math.max(end, anchor?.last ?? 0));
  return count;
}

/** What is wrong with an entry. @param previous MAC of the entry before it; null where that can't be relied on */
function tampered(store: Store, entry: AuditEntryRow, previous: string | null): Tampering['what'] | null {
  const { keyring } = store;
  if (macOf(keyring, entry) !== entry.mac) return 'changed';
  if (previous !== null && entry.previous !== previous) return 'changed';
  if (entry.circumstances === null) return null;
  try {
    const read = open(store, auditContext(entry), entry.circumstances) as AuditRecord['circumstances'];
    return circumstancesHashOf(keyring, entry, read) === entry.circumstancesHash ? null : 'circumstances';
  } catch {
    return 'circumstances';
  }
}

async function* entriesOf({ db }: Store, chain: string): AsyncGenerator<AuditEntryRow> {
  for (let after = 0; ; ) {
    const rows = await db
      .select()
      .from(auditEntry)
      .where(and(eq(auditEntry.chain, chain), gt(auditEntry.position, after)))
      .orderBy(asc(auditEntry.position))
      .limit(SLICE);
    yield* rows;
    if (rows.length < SLICE) return;
    after = (rows.at(-1) as AuditEntryRow).position;
  }
}
