import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool, type PoolClient } from 'pg';
import type { Arrangement, Calendar } from '../domain/calendar/working-days.ts';
import { useKeyring } from './encryption/columns.ts';
import type { Keyring } from './encryption/keyring.ts';
import { isPassing } from './errors.ts';

export type Database = NodePgDatabase;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** What the store is opened with. */
export interface StoreOptions {
  url: string;
  keyring: Keyring;
  /** Folder of the uploaded files. */
  filesDir: string;
  /** The arrangement of a year without a circular. */
  estimate(year: number): Arrangement;
  /** Hears of idle connections that broke (the database restarted); queries that fail throw by themselves. */
  onError(error: Error): void;
}

/** What every query needs: the database, and the rest of what it was opened with. */
export interface Store extends Pick<StoreOptions, 'keyring' | 'filesDir' | 'estimate'> {
  db: Database;
  /** The connections below it, for a library that asks by itself. */
  pool: Pool;
  /** The last version of the calendar that this process read. */
  calendar?: Calendar;
  close(): Promise<void>;
}

/**
 * Opens the store; connections are made when the first query needs them. Its keys are those of the process: of two
 * stores in one, both use those of the last.
 */
export function openStore({ url, onError, ...options }: StoreOptions): Store {
  useKeyring(options.keyring);
  const pool = new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5_000, query_timeout: 20_000 });
  pool.on('error', onError);
  // A connection that breaks inside a transaction fails its queries, and emits an error on its client as well. Without
  // a listener for that, Node would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return { ...options, db: overPool(pool), pool, close: () => pool.end() };
}

/**
 * Drizzle over the pool, with a safer transaction. Drizzle's own never gives back a connection whose `begin` fails, and
 * gives back one that hangs as if it were sound; after an outage the pool would stay empty.
 */
function overPool(pool: Pool): Database {
  const db = drizzle(pool);
  const sessions = new WeakMap<PoolClient, Database>();
  const sessionOf = (client: PoolClient) => {
    const session = sessions.get(client) ?? drizzle(client);
    sessions.set(client, session);
    return session;
  };
  db.transaction = async (work, config) => {
    const client = await pool.connect();
    let broken = false;
    try {
      return await sessionOf(client).transaction(work, config);
    } catch (error) {
      broken = isPassing(error);
      throw error;
    } finally {
      client.release(broken);
    }
  };
  return db;
}

/** Resolves when the database answers. */
export async function ping(store: Store): Promise<void> {
  await store.db.execute('select 1');
}
