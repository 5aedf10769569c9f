import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import type { Calendar } from '../domain/calendar.ts';
import type { Keyring } from './keyring.ts';
import * as schema from './schema.ts';

export type Database = NodePgDatabase<typeof schema>;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** What every query needs: the database, the keys for personal data, the folder of the uploaded files. */
export interface Store {
  db: Database;
  keyring: Keyring;
  filesDir: string;
  /** The last version of the calendar that this process read. */
  calendar?: Calendar;
  close(): Promise<void>;
}

/**
 * Opens the store; connections are made when the first query needs them.
 * @param onError told of idle connections that broke (the database restarted); queries that fail throw by themselves
 */
export function openStore(url: string, keyring: Keyring, filesDir: string, onError: (error: Error) => void): Store {
  const pool = new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5_000, query_timeout: 20_000 });
  pool.on('error', onError);
  // A connection that breaks inside a transaction fails its queries and tells its client as well; with nobody to hear that, Node
  // ends the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return { db: drizzle(pool, { schema }), keyring, filesDir, close: () => pool.end() };
}

/** Resolves when the database answers. */
export async function ping(store: Store): Promise<void> {
  await store.db.execute('select 1');
}
