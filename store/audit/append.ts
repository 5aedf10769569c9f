import { randomUUID } from 'node:crypto';
import { eq, max } from 'drizzle-orm';
import type { AuditRecord } from '../../domain/audit.ts';
import { seal } from '../encryption/sealing.ts';
import type { Store, Transaction } from '../open.ts';
import { auditContext, circumstancesHashOf, headMacOf, macOf } from './chain.ts';
import { type AuditChainRow, type AuditEntryRow, auditChain, auditEntry } from './tables.ts';

/** How many entries are written together at most. */
const AT_ONCE = 200;
const TOLD_EVERY_MS = 60_000;

/** The end of a chain, as it is told to the log: whoever keeps it can tell later that nothing is missing before it. */
export type Anchor = Pick<AuditChainRow, 'id' | 'number' | 'last' | 'mac'>;

export interface AuditWriter {
  /** Records something; resolves once it is durable. @throws the database's error, and nothing is recorded then */
  append(record: AuditRecord): Promise<void>;
  /** Tells where the chain ends now. */
  tellAnchor(): void;
}

interface Waiting {
  record: AuditRecord;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Writes a chain of its own. What comes in while it writes is written together afterwards, so that many requests at once
 * cost few transactions, and a single one doesn't wait.
 * @param onAnchor hears where the chain ends, once a minute while it grows
 */
export function createAuditWriter(store: Store, onAnchor: (anchor: Anchor) => void = () => undefined): AuditWriter {
  let toldAt = 0;
  let waiting: Waiting[] = [];
  let chain: AuditChainRow | undefined;
  let writing = false;

  function tellAnchor(): void {
    if (!chain) return;
    const { id, number, last, mac } = chain;
    onAnchor({ id, number, last, mac });
    toldAt = Date.now();
  }

  async function write(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, AT_ONCE);
      waiting = waiting.slice(AT_ONCE);
      try {
        chain = await appendTo(
          store,
          chain,
          batch.map(({ record }) => record),
        );
        for (const { resolve } of batch) resolve();
        if (Date.now() - toldAt >= TOLD_EVERY_MS) tellAnchor();
      } catch (error) {
        // Nobody knows whether it was committed: the next entries begin another chain.
        chain = undefined;
        for (const { reject } of batch) reject(error);
      }
    }
    writing = false;
  }

  return {
    append: (record) =>
      new Promise((resolve, reject) => {
        waiting.push({ record, resolve, reject });
        if (!writing) void write();
      }),
    tellAnchor,
  };
}

/** Adds entries to a chain, or to a new one, in one transaction. @returns the chain as it is then */
function appendTo(store: Store, chain: AuditChainRow | undefined, records: AuditRecord[]): Promise<AuditChainRow> {
  return store.db.transaction(async (tx) => {
    const begun = chain ?? (await begin(store, tx));
    const rows: AuditEntryRow[] = [];
    for (const record of records) rows.push(entryOf(store, rows.at(-1) ?? begun, begun.id, record));
    await tx.insert(auditEntry).values(rows);
    const { position: last, mac } = rows.at(-1) as AuditEntryRow;
    const ended = { id: begun.id, number: begun.number, last, mac };
    const row = { ...ended, headMac: headMacOf(store.keyring, ended) };
    await tx.update(auditChain).set(row).where(eq(auditChain.id, row.id));
    return row;
  });
}

async function begin({ keyring }: Store, tx: Transaction): Promise<AuditChainRow> {
  // Of two processes that begin at once, the second waits for the number of the first.
  await tx.execute('lock table audit_chain in share row exclusive mode');
  const [{ number } = { number: null }] = await tx.select({ number: max(auditChain.number) }).from(auditChain);
  const empty = { id: randomUUID(), number: (number ?? 0) + 1, last: 0, mac: '' };
  const row = { ...empty, headMac: headMacOf(keyring, empty) };
  await tx.insert(auditChain).values(row);
  return row;
}

function entryOf(
  store: Store,
  before: { last: number; mac: string } | AuditEntryRow,
  chain: string,
  { circumstances, ...record }: AuditRecord,
): AuditEntryRow {
  const position = ('last' in before ? before.last : before.position) + 1;
  const place = { chain, position };
  const circumstancesHash = circumstancesHashOf(store.keyring, place, circumstances);
  const entry = { ...place, ...record, circumstancesHash, previous: before.mac };
  const sealed = seal(store, auditContext(place), circumstances);
  return { ...entry, circumstances: sealed, mac: macOf(store.keyring, entry) };
}
