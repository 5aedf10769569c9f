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
 * Brings the database to the newest schema, then writes what is there from the start: the published calendars and the policy's staff.
 * Several processes may do it at once. On PostgreSQL the migrations queue for a lock that ends with their transaction (the migrator's
 * own `begin` and `commit` join it); on PGlite, which has one session, an open transaction keeps all others waiting anyway. The seed is
 * a transaction of its own that changes nothing the second time.
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
  await tx.insert(schema.staff).values(policy.staff).onConflictDoNothing();
  const [current] = await tx.select().from(schema.calendar).for('update');
  const known = new Set(
    (await tx.select({ year: schema.arrangement.year }).from(schema.arrangement)).map(({ year }) => year),
  );
  const missing = publishedYears().filter((year) => !known.has(year));
  if (!current || missing.length === 0) return;
  // A version's arrangements never change: years that came with a newer package are a new version.
  const version = known.size === 0 ? current.version : current.version + 1;
  await tx.insert(schema.arrangement).values(missing.map((year) => ({ ...publishedArrangement(year), version })));
  await tx.update(schema.calendar).set({ version });
}
