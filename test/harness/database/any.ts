import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { askForPostgres, borrowPglite } from '../run/servers.ts';
import type { NoPostgres } from './postgres.ts';

/** A database of a test's own, empty. */
export interface TestDatabase {
  url: string;
  stop(): Promise<void>;
}

/** A database on PostgreSQL where there is one, else on PGlite: for tests that are not about the store. */
export async function openAnyDatabase(): Promise<TestDatabase> {
  const database = await openPostgresDatabase();
  return 'missing' in database ? borrowPglite() : database;
}

/** A database on the run's PostgreSQL. */
export async function openPostgresDatabase(): Promise<TestDatabase | NoPostgres> {
  const server = await askForPostgres();
  return 'missing' in server ? server : openDatabaseOn(server);
}

export async function openDatabaseOn(server: { adminUrl: string }): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(server.adminUrl);
  url.pathname = name;
  await execute(server.adminUrl, `create database ${name}`);
  return { url: url.href, stop: () => execute(server.adminUrl, `drop database ${name} with (force)`) };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
