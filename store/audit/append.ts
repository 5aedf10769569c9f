import { randomUUID } from 'node:crypto';
import { eq, getTableColumns, max, sql } from 'drizzle-orm';
import type { AuditRecord } from '../../domain/audit.ts';
import { seal } from '../encryption/sealing.ts';
import type { Database, Store, Transaction } from '../open.ts';
import { given, prepared } from '../prepared.ts';
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

  async function drain(): Promise<void> {
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
        if (!writing) void drain();
      }),
    tellAnchor,
  };
}

/** Adds entries to a chain, or to a new one, all or none of them. @returns the chain as it is then */
function appendTo(store: Store, chain: AuditChainRow | undefined, records: AuditRecord[]): Promise<AuditChainRow> {
  if (chain) return write(store, store.db, chain, records);
  return store.db.transaction(async (tx) => write(store, tx, await begin(store, tx), records));
}

async function write(
  store: Store,
  db: Database | Transaction,
  { id, number, ...before }: AuditChainRow,
  records: AuditRecord[],
): Promise<AuditChainRow> {
  const rows: AuditEntryRow[] = [];
  for (const record of records) rows.push(entryOf(store, rows.at(-1) ?? before, id, record));
  const { position: last, mac } = rows.at(-1) as AuditEntryRow;
  const ended = { id, number, last, mac };
  const row = { ...ended, headMac: headMacOf(store.keyring, ended) };
  await writeEntries(db, { ...row, entries: JSON.stringify(rows.map(named)) });
  return row;
}

const columns = Object.entries(getTableColumns(auditEntry));

/** A row by the names that its columns have in the database. */
function named(row: AuditEntryRow): Record<string, unknown> {
  return Object.fromEntries(columns.map(([key, { name }]) => [name, row[key as keyof AuditEntryRow]]));
}

/**
 * Writes entries, and the end that their chain has with them, in one statement, so that nothing else makes them wait
 * for each other. Where somebody else has written to the chain, the primary key refuses it.
 */
const writeEntries = prepared('audit entries', (db) => {
  const { id, last, mac, headMac, entries } = given('id', 'last', 'mac', 'headMac', 'entries');
  const names = sql.join(
    columns.map(([, { name }]) => sql.identifier(name)),
    sql`, `,
  );
  const written = db
    .$with('written')
    .as(
      db
        .insert(auditEntry)
        .select(sql`select ${names} from json_populate_recordset(null::${auditEntry}, ${entries}::json)`)
        .returning({ position: auditEntry.position }),
    );
  return db.with(written).update(auditChain).set({ last, mac, headMac }).where(eq(auditChain.id, id));
});

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
  before: Pick<AuditChainRow, 'last' | 'mac'> | AuditEntryRow,
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
