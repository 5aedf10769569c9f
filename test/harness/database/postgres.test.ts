import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { type NoPostgres, type PostgresServer, startPostgres } from './postgres.ts';

// Tried once, before the tests are declared: a machine without PostgreSQL shows a skipped test that says why.
const first = await startPostgres();
const missing = 'missing' in first ? first.missing : undefined;
const whenThere = missing ? it.skip : it;
const note = missing ? ` (skipped: ${missing})` : '';
const running = new Set<PostgresServer>('missing' in first ? [] : [first]);

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function started(answer: PostgresServer | NoPostgres): PostgresServer {
  if ('missing' in answer) throw new Error(answer.missing);
  running.add(answer);
  return answer;
}

describe('startPostgres', () => {
  const { PATH, TEST_DATABASE_URL } = process.env;

  afterEach(async () => {
    process.env.PATH = PATH;
    if (TEST_DATABASE_URL === undefined) delete process.env.TEST_DATABASE_URL;
    else process.env.TEST_DATABASE_URL = TEST_DATABASE_URL;
    for (const server of running) await server.stop();
    running.clear();
  });

  whenThere(`answers with a superuser who may create databases${note}`, async () => {
    const { adminUrl } = started(first);
    await query(adminUrl, 'create database of_a_test');
    const rows = await query(adminUrl, `select datname from pg_database where datname = 'of_a_test'`);
    await query(adminUrl, 'drop database of_a_test');
    expect(rows).toEqual([{ datname: 'of_a_test' }]);
  });

  const whenOurs = TEST_DATABASE_URL ? it.skip : whenThere;
  whenOurs(`starts one beside another, on this machine only, and leaves nothing behind${note}`, async () => {
    const a = started(await startPostgres());
    const b = started(await startPostgres());
    expect(a.adminUrl).not.toBe(b.adminUrl);
    const [settings] = await query(
      a.adminUrl,
      `select current_setting('listen_addresses') as listens, current_setting('data_directory') as folder`,
    );
    expect(settings).toMatchObject({ listens: '127.0.0.1' });
    await a.stop();
    await expect(query(a.adminUrl, 'select 1')).rejects.toThrow('ECONNREFUSED');
    expect(existsSync((settings as { folder: string }).folder)).toBe(false);
    expect(await query(b.adminUrl, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  it('uses the server that TEST_DATABASE_URL names', async () => {
    process.env.TEST_DATABASE_URL = 'postgres://somebody@127.0.0.1:1/postgres';
    expect(started(await startPostgres()).adminUrl).toBe('postgres://somebody@127.0.0.1:1/postgres');
  });
});
