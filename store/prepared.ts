import { eq, type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database, Transaction } from './open.ts';

interface Preparable<Result> {
  prepare(name: string): { execute(values: Record<string, unknown>): Promise<Result> };
}

/**
 * A query that is the same every time: Drizzle builds it and PostgreSQL plans it once for each connection, which
 * together takes several times as long as answering it. Not for a query that needs a partial index, unless the index
 * goes by null: PostgreSQL plans before it knows the values, so it can't tell whether they fit the index.
 * @param name unlike that of any other prepared query
 * @param build with `sql.placeholder` where the values go in that are given later
 */
export function prepared<Result>(name: string, build: (db: Database | Transaction) => Preparable<Result>) {
  const queries = new WeakMap<object, ReturnType<Preparable<Result>['prepare']>>();
  return (db: Database | Transaction, values: Record<string, unknown> = {}): Promise<Result> => {
    // The pool, or a transaction's connection. Each transaction is a new object, while its connection may have been
    // used before.
    const { client } = db._.session as unknown as { client: object };
    const query = queries.get(client) ?? build(db).prepare(name);
    queries.set(client, query);
    return query.execute(values);
  };
}

/** Of a table: what belongs to the case whose `acceptanceNumber` is given. */
export function isOf({ acceptanceNumber }: { acceptanceNumber: AnyPgColumn }): SQL {
  return eq(acceptanceNumber, sql.placeholder('acceptanceNumber'));
}

/**
 * What has any of the values that are given under this name, however many they are. `inArray` would need another query
 * for each number of values.
 */
export function isAny(column: AnyPgColumn, name: string): SQL {
  return sql`${column} = any(${sql.placeholder(name)})`;
}

/** Columns of a row to be inserted, each with the value that is given under its name. */
export function slots<Name extends string>(...names: Name[]): Record<Name, Placeholder<Name>> {
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as Record<Name, Placeholder<Name>>;
}

/**
 * Values that are given later, for conditions and for columns that are set; as they are, so an encrypted column needs
 * `slots`.
 */
export function given<Name extends string>(...names: Name[]): Record<Name, SQL> {
  return Object.fromEntries(names.map((name) => [name, sql`${sql.placeholder(name)}`])) as Record<Name, SQL>;
}

/**
 * Inserts rows, each with a value for every one of these columns, by a prepared query for each number of them.
 * @param name as of a prepared query
 * @returns a function that tells of the rows that weren't there
 */
export function insertion<Table extends PgTable, Column extends keyof Table['$inferInsert'] & string>(
  name: string,
  table: Table,
  columns: Column[],
) {
  type Row = Required<Pick<Table['$inferInsert'], Column>>;
  const queries = new Map<
    number,
    (db: Database | Transaction, values: Record<string, unknown>) => Promise<Table['$inferSelect'][]>
  >();
  const build = (count: number) =>
    prepared(`${name} (${count})`, (db) => {
      const rows = Array.from({ length: count }, (_, row) => {
        return Object.fromEntries(columns.map((column) => [column, sql.placeholder(`${column} ${row}`)]));
      });
      const insert = db
        .insert(table)
        .values(rows as never)
        .onConflictDoNothing()
        .returning();
      return insert as unknown as Preparable<Table['$inferSelect'][]>;
    });
  return (db: Database | Transaction, rows: Row[]): Promise<Table['$inferSelect'][]> => {
    const query = queries.get(rows.length) ?? build(rows.length);
    queries.set(rows.length, query);
    const values = rows.flatMap((row, index) => columns.map((column) => [`${column} ${index}`, row[column]]));
    return query(db, Object.fromEntries(values));
  };
}
