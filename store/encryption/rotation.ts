import { and, asc, type Column, count, getTableColumns, or, type SQL, sql } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import { accreditation, accreditationEntry } from '../accreditations/tables.ts';
import { auditContext } from '../audit/chain.ts';
import { auditEntry } from '../audit/tables.ts';
import { caseNote } from '../cases/notes/tables.ts';
import { application, formVersion, timeline } from '../cases/tables.ts';
import { answerContext } from '../idempotency/requests.ts';
import { idempotency } from '../idempotency/tables.ts';
import { notice } from '../notices/tables.ts';
import { attemptContext } from '../notifications/personal.ts';
import { attempt, call, notification } from '../notifications/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { codeId } from '../people/phone-codes.ts';
import { phoneCode } from '../people/tables.ts';
import { erasure, legalHold } from '../retention/tables.ts';
import { staff } from '../staff/tables.ts';
import { encryptedColumns, type Place } from './columns.ts';
import { openText, sealText } from './sealing.ts';

/** Every table with an encrypted column. */
export const encryptedTables: PgTable[] = [
  ...[application, formVersion, timeline, caseNote, accreditation, accreditationEntry, staff],
  ...[notification, attempt, call, notice, phoneCode, idempotency],
  ...[erasure, legalHold, auditEntry],
];

/** What the ciphertexts of the columns that are bound to their row are bound to; the others are to their column. */
export const boundTo: Partial<Record<Place, (row: never) => string>> = {
  'application.personal': ({ acceptanceNumber }: typeof application.$inferSelect) => acceptanceNumber,
  'form_version.personal': ({ acceptanceNumber }: typeof formVersion.$inferSelect) => acceptanceNumber,
  'accreditation.personal': ({ id }: typeof accreditation.$inferSelect) => id,
  'notification.sealed': ({ id }: typeof notification.$inferSelect) => id,
  'attempt.sealed': attemptContext,
  'notice.content': ({ id }: typeof notice.$inferSelect) => id,
  'phone_code.phone': (code: typeof phoneCode.$inferSelect) => codeId('phoneCode', code),
  'idempotency.answer': answerContext,
  'audit_entry.circumstances': auditContext,
};

/** A row: what isn't encrypted as it is, what is encrypted as it lies there. */
type RawRow = Record<string, unknown>;

interface NamedColumn {
  /** Of the row as Drizzle knows it. */
  key: string;
  column: Column;
}

interface EncryptedColumn extends NamedColumn {
  contextOf(row: RawRow): string;
}

interface EncryptedTable {
  table: PgTable;
  name: string;
  primaryKey: NamedColumn[];
  encrypted: EncryptedColumn[];
}

function describe(table: PgTable): EncryptedTable {
  const { name, primaryKeys, columns } = getTableConfig(table);
  const all = Object.entries(getTableColumns(table)).map(([key, column]): NamedColumn => ({ key, column }));
  const keys = (primaryKeys[0]?.columns ?? columns.filter((column) => column.primary)).map((column) => column.name);
  const encrypted = all.flatMap(({ key, column }): EncryptedColumn[] => {
    const place: Place = `${name}.${column.name}`;
    const context = boundTo[place] ?? (() => place);
    return encryptedColumns.has(place) ? [{ key, column, contextOf: (row) => context(row as never) }] : [];
  });
  return { table, name, primaryKey: keys.flatMap((of) => all.filter(({ column }) => column.name === of)), encrypted };
}

const isOld = ({ encrypted }: EncryptedTable, currentKey: string): SQL | undefined =>
  or(...encrypted.map(({ column }) => sql`not starts_with(${column}, ${`${currentKey}:`})`));

/** How many values each key has encrypted in the database, by the key's id. */
export async function keysInDatabase({ db }: Store): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const { table, encrypted } of encryptedTables.map(describe)) {
    for (const { column } of encrypted) {
      const keyId = sql<string>`split_part(${column}, ':', 1)`;
      const rows = await db
        .select({ keyId, values: count() })
        .from(table)
        .where(sql`${column} is not null`)
        .groupBy(keyId);
      for (const row of rows) found.set(row.keyId, (found.get(row.keyId) ?? 0) + row.values);
    }
  }
  return found;
}

/** How much is encrypted anew at once, and who hears of it. */
export interface Pace {
  /** Rows of a transaction, which are locked that long. */
  batch: number;
  /** Whether a row that somebody holds is waited for, or left for the next time. One at a time, or two wait crosswise. */
  patient?: boolean;
  /** A batch is through. @param rows how many of its rows were encrypted anew */
  onBatch?(rows: number): void;
}

/**
 * Encrypts anew, under the first key, what another key has encrypted. It goes through each table in the order of its
 * primary key, a batch in its own transaction. A row that somebody holds is left for the next time, unless the pace is
 * patient: so this holds up others no longer than a batch takes, and nothing that is written meanwhile gets lost. Cut
 * off anywhere, it goes on where it stopped, since what is done shows the first key's id.
 * @returns how many rows were encrypted anew, by table
 */
export async function rotateRows(store: Store, pace: Pace): Promise<Map<string, number>> {
  const done = new Map<string, number>();
  for (const table of encryptedTables.map(describe)) {
    let rows = 0;
    for (let last: RawRow | undefined, ended = false; !ended; ) {
      const batch = await store.db.transaction((tx) => rotateBatch(store, tx, table, last, pace));
      last = batch.at(-1);
      ended = batch.length < pace.batch;
      rows += batch.length;
      pace.onBatch?.(batch.length);
    }
    if (rows > 0) done.set(table.name, rows);
  }
  return done;
}

/** @returns the rows as they were */
async function rotateBatch(
  { keyring }: Store,
  tx: Transaction,
  table: EncryptedTable,
  after: RawRow | undefined,
  { batch, patient = false }: Pace,
): Promise<RawRow[]> {
  const keys = table.primaryKey.map(({ column }) => column);
  const raw = table.encrypted.map(({ key, column }) => [key, sql<string | null>`${column}`]);
  const behind = after && sql`(${list(keys)}) > (${list(table.primaryKey.map(({ key }) => sql`${after[key]}`))})`;
  const rows: RawRow[] = await tx
    .select({ ...getTableColumns(table.table), ...Object.fromEntries(raw) })
    .from(table.table)
    .where(and(isOld(table, keyring.keyIds[0]), behind))
    .orderBy(...keys.map((column) => asc(column)))
    .limit(batch)
    .for('no key update', patient ? {} : { skipLocked: true });
  if (rows.length === 0) return rows;
  const made = rows.map((row) => ({
    ...Object.fromEntries(table.primaryKey.map(({ key, column }) => [column.name, row[key]])),
    ...Object.fromEntries(
      table.encrypted.map(({ key, column, contextOf }) => {
        const context = contextOf(row);
        const ciphertext = row[key] as string | null;
        return [column.name, ciphertext && sealText(keyring, context, openText(keyring, context, ciphertext))];
      }),
    ),
  }));
  await write(tx, table, made);
  return rows;
}

async function write(tx: Transaction, { table, primaryKey, encrypted }: EncryptedTable, rows: RawRow[]): Promise<void> {
  const name = ({ column }: NamedColumn) => sql.identifier(column.name);
  const shape = [...primaryKey, ...encrypted].map((of) => sql`${name(of)} ${sql.raw(of.column.getSQLType())}`);
  const values = encrypted.map((of) => sql`${name(of)} = made.${name(of)}`);
  const same = primaryKey.map((of) => sql`kept.${name(of)} = made.${name(of)}`);
  await tx.execute(sql`
    update ${table} as kept set ${list(values)}
    from json_to_recordset(${JSON.stringify(rows)}::json) as made(${list(shape)})
    where ${and(...same)}
  `);
}

const list = (parts: (SQL | Column)[]) => sql.join(parts, sql`, `);
