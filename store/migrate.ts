import { fileURLToPath } from 'node:url';
import { gt } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';
import type { Arrangement } from '../domain/calendar/working-days.ts';
import type { Clocks } from '../domain/cases/clocks.ts';
import { appendOnly } from './audit/tables.ts';
import { bringInForce, finishPublication } from './calendar/publish.ts';
import { arrangement, calendar } from './calendar/tables.ts';
import { useKeyring } from './encryption/columns.ts';
import type { Keyring } from './encryption/keyring.ts';
import type { Transaction } from './open.ts';
import { staff } from './staff/tables.ts';
import { keptVersions } from './versions.ts';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
/** Any number, as long as nobody else uses it on this database. */
const MIGRATION_LOCK = 510_400;

/** What is there from the start, and what the policy says that it takes. */
export interface Seed {
  /** Written only while there is no staff at all. */
  staff: (typeof staff.$inferInsert)[];
  /** The arrangements of the years that have a circular, as they are in force. */
  published: Arrangement[];
  /** Those that were in force until the State Council changed them. */
  superseded: Arrangement[];
  /** The arrangement of a year without a circular. */
  estimate(year: number): Arrangement;
  clocks: Clocks;
  /** Of the process. */
  keyring: Keyring;
  /** @throws Error for a version of the policy that isn't there any more */
  assertKnown(version: string): void;
}

/**
 * Brings the database to the newest schema, then writes what is there from the start: the published calendars, and the
 * staff where nobody is listed yet. Several processes may do it at once. On PostgreSQL the migrations queue for a lock that ends with their
 * transaction (the migrator's own `begin` and `commit` join it); on PGlite, which has one session, an open transaction
 * keeps all others waiting anyway. The seed is a transaction of its own that changes nothing the second time.
 * @returns ids of those of the seed's staff who are listed otherwise, or not at all: the seed changes nothing of that
 * @throws Error where an unreleased version has made the database
 * @throws what `assertKnown` throws where a case or an accreditation keeps a version of the policy that isn't there any
 * more
 */
export async function migrateAndSeed(url: string, seed: Seed): Promise<{ otherwiseListed: string[] }> {
  useKeyring(seed.keyring);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const db = drizzle(client);
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await assertReleased(client);
    await migrate(db, { migrationsFolder });
    await db.execute(appendOnly);
    const otherwiseListed = await db.transaction((tx) => write(tx, seed));
    await finishPublication({ db, estimate: seed.estimate }, seed.clocks);
    return { otherwiseListed };
  } finally {
    await client.end();
  }
}

/**
 * Refuses a database that was made by other migrations, from which nothing leads to these. The first migration never
 * changes, so it tells them apart.
 */
async function assertReleased(client: Client): Promise<void> {
  const { rows: tables } = await client.query("select to_regclass('drizzle.__drizzle_migrations') as made");
  if (tables[0].made === null) return;
  const { rows } = await client.query('select hash from drizzle.__drizzle_migrations order by created_at limit 1');
  const [initial] = readMigrationFiles({ migrationsFolder });
  if (rows.length === 0 || rows[0].hash === initial?.hash) return;
  throw new Error(
    "The data is from an unreleased version, and can't be used any more: begin anew with `npm start -- --fresh`, " +
      'or with an empty database.',
  );
}

/** @returns as `migrateAndSeed` */
async function write(tx: Transaction, seed: Seed): Promise<string[]> {
  await assertVersionsKnown(tx, seed);
  const otherwiseListed = await seedStaff(tx, seed.staff);
  await writeCalendar(tx, seed);
  return otherwiseListed;
}

/** The list is an admin's to keep: what the policy says later doesn't bring back who has left. */
async function seedStaff(tx: Transaction, seeded: Seed['staff']): Promise<string[]> {
  const listed = await tx.select().from(staff);
  if (listed.length === 0) await tx.insert(staff).values(seeded).onConflictDoNothing();
  const fields = ['name', 'email', 'phone'] as const;
  const isListed = (member: Seed['staff'][number]) => {
    const row = listed.find(({ id }) => id === member.id);
    const alike = row && fields.every((field) => row[field] === member[field]);
    return alike && row.active && row.roles.toSorted().join() === member.roles.toSorted().join();
  };
  return listed.length === 0 ? [] : seeded.filter((member) => !isListed(member)).map(({ id }) => id);
}

async function writeCalendar(tx: Transaction, seed: Seed): Promise<void> {
  await tx.insert(calendar).values({ id: 1, version: 0 }).onConflictDoNothing();
  const [current] = await tx.select().from(calendar).for('update');
  const changedLater = seed.superseded.map((ofYear) => ({ ...ofYear, version: 0 }));
  await tx.insert(arrangement).values(changedLater).onConflictDoNothing();
  const rows = await tx.select({ year: arrangement.year }).from(arrangement).where(gt(arrangement.version, 0));
  const publishedYears = new Set(rows.map(({ year }) => year));
  const missing = seed.published.filter(({ year }) => !publishedYears.has(year));
  if (!current || missing.length === 0) return;
  // Years that came with a newer package are a publication like any other: the open cases get their dates by it.
  await bringInForce(tx, current.version, missing, 'system');
}

/** Checked here, before api and worker start, rather than when somebody opens the case. */
async function assertVersionsKnown(tx: Transaction, { assertKnown }: Seed): Promise<void> {
  for (const version of await keptVersions(tx)) assertKnown(version);
}
