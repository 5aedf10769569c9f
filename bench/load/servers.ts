import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { Client as Database } from 'pg';
import { type Servers, startServers } from '../../test/harness/programs/worker-surroundings.ts';
import { until } from '../../test/harness/until.ts';

/** It may take some seconds until all parts of a server know a new namespace. */
const NAMESPACE_LIMIT_MS = 60_000;
/** A backend of PostgreSQL reports its counts after ten idle seconds at the latest. */
const QUIET_MS = 11_000;

/**
 * Opens the servers that TEMPORAL_ADDRESS and DATABASE_URL name, with a namespace and a database of the benchmark's own
 * that are deleted when it stops: it disturbs nobody who works there, and leaves nothing. With neither variable set, it
 * starts new servers.
 */
export async function openServers(): Promise<Servers> {
  const { TEMPORAL_ADDRESS: address, DATABASE_URL: url } = process.env;
  if (!address && !url) return startServers();
  if (!address || !url) throw new Error('TEMPORAL_ADDRESS and DATABASE_URL go together.');
  const name = `bench_${randomBytes(4).toString('hex')}`;
  await ask(url, `create database ${name}`);
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace: name });
  const workflowExecutionRetentionPeriod = { seconds: 86_400 as never };
  await connection.workflowService.registerNamespace({ namespace: name, workflowExecutionRetentionPeriod });
  const isKnown = () => client.workflow.count().then(Boolean, () => false);
  await until('the namespace is known', isKnown, NAMESPACE_LIMIT_MS);
  const databaseUrl = Object.assign(new URL(url), { pathname: name }).href;
  return {
    address,
    namespace: name,
    databaseUrl,
    client,
    async stop() {
      await connection.operatorService.deleteNamespace({ namespace: name });
      await connection.close();
      await ask(url, `drop database ${name} with (force)`);
    },
  };
}

/**
 * How many transactions a database has committed, once the number doesn't grow any more. It is asked in another
 * database of the same server, so that asking doesn't count.
 */
export async function transactionsOf(databaseUrl: string): Promise<number> {
  const name = new URL(databaseUrl).pathname.slice(1);
  const elsewhere = Object.assign(new URL(databaseUrl), { pathname: name === 'postgres' ? 'template1' : 'postgres' });
  const count = async () => {
    const [row] = await ask(elsewhere.href, 'select xact_commit from pg_stat_database where datname = $1', [name]);
    return Number(row?.xact_commit);
  };
  let [last, since] = [await count(), Date.now()];
  const standsStill = async () => {
    const next = await count();
    if (next !== last) [last, since] = [next, Date.now()];
    return Date.now() - since > QUIET_MS;
  };
  await until('no more transactions are told of', standsStill, 6 * QUIET_MS);
  return last;
}

async function ask(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const database = new Database({ connectionString: url });
  await database.connect();
  try {
    return (await database.query(text, values)).rows;
  } finally {
    await database.end();
  }
}
