import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';
import { publishedArrangement, publishedYears } from '../policy/calendar.ts';
import type { Policy } from '../policy/schema.ts';
import * as schema from './schema.ts';
import type { Transaction } from './store.ts';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
/** Any number, as long as nobody else uses it on this database. */
const MIGRATION_LOCK = 510_400;

/**
 * Brings the database to the newest schema and writes what is there from the start: the published calendars and the policy's
 * staff. Several processes may do it at once: on PostgreSQL the lock makes them queue, on PGlite an open transaction keeps all
 * other clients waiting anyway. The migrator's own `begin` and `commit` join the transaction that holds the lock.
 */
export async function migrateAndSeed(url: string, policy: Policy): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const db = drizzle(client, { schema });
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await migrate(db, { migrationsFolder });
    await db.transaction((tx) => seed(tx, policy));
  } finally {
    await client.end();
  }
}

async function seed(tx: Transaction, policy: Policy): Promise<void> {
  await tx.insert(schema.calendar).values({ id: 1, version: 1 }).onConflictDoNothing();
  const years = publishedYears().map((year) => ({ ...publishedArrangement(year), version: 1 }));
  await tx.insert(schema.arrangement).values(years).onConflictDoNothing();
  await tx.insert(schema.staff).values(policy.staff).onConflictDoNothing();
}
