import { sql } from 'drizzle-orm';
import type { Transaction } from '../open.ts';
import { prepared } from '../prepared.ts';

/**
 * Makes those wait who write down what is told of a person, granted to them or erased of them, and those who file for
 * them, until this transaction ends: so the later of both always sees the other.
 */
export async function lockPerson(tx: Transaction, idNumberHash: string): Promise<void> {
  await alone(tx, { key: idNumberHash });
}

/** As `lockPerson`, but beside others who share it. */
export async function sharePerson(tx: Transaction, idNumberHash: string): Promise<void> {
  await shared(tx, { key: idNumberHash });
}

/** Lets an account upload one file after the other. */
export async function lockUploads(tx: Transaction, uploadedBy: string): Promise<void> {
  await alone(tx, { key: `upload ${uploadedBy}` });
}

const key = sql`hashtextextended(${sql.placeholder('key')}, 0)`;
const one = sql`(values (1)) as one`;
const alone = prepared('lock', (db) => db.select({ locked: sql`pg_advisory_xact_lock(${key})` }).from(one));
const shared = prepared('shared lock', (db) =>
  db.select({ locked: sql`pg_advisory_xact_lock_shared(${key})` }).from(one),
);
