import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { parse } from 'yaml';
import { startPostgres } from './harness/database/postgres.ts';
import { dataKey, hashKey } from './harness/database/store.ts';
import { inRepository } from './harness/repository/compose.ts';

const scripts = readdirSync(inRepository('ops'), { recursive: true, encoding: 'utf8' }).filter((f) =>
  f.endsWith('.sh'),
);

function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stderr } = spawnSync(command, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
  return { status, stderr };
}

describe('ops/', () => {
  it.each(scripts)('%s is a shell script', (script) => {
    expect(run('sh', ['-n', inRepository(`ops/${script}`)])).toEqual({ status: 0, stderr: '' });
  });

  it("holds the Temporal server's settings in the form that it reads", () => {
    const settings = parse(readFileSync(inRepository('ops/temporal/dynamic-config.yaml'), 'utf8'));
    for (const values of Object.values<{ value: unknown }[]>(settings)) {
      expect(values.map((entry) => Object.keys(entry))).toEqual([['value']]);
    }
  });
});

const server = process.env.TEST_DATABASE_URL
  ? { missing: 'it would leave roles and databases on the server of TEST_DATABASE_URL.' }
  : await startPostgres();
const suite = 'missing' in server ? describe.skip : describe;
const note = 'missing' in server ? ` (skipped: ${server.missing})` : '';

suite(`ops/postgres/create-databases.sh${note}`, () => {
  const adminUrl = new URL('missing' in server ? 'postgres://nobody' : server.adminUrl);

  afterAll(() => ('missing' in server ? undefined : server.stop()));

  async function connect(role: string, database: string): Promise<string> {
    const client = new Client({ host: adminUrl.hostname, port: Number(adminUrl.port), user: role, database });
    try {
      await client.connect();
      return 'connected';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await client.end();
    }
  }

  it('gives Temporal and the program databases of their own, out of reach of the other', async () => {
    const passwords = { TEMPORAL_DB_PASSWORD: `it's 1`, MENTE_DB_PASSWORD: 'b' };
    const env = { PGHOST: adminUrl.hostname, PGPORT: adminUrl.port, POSTGRES_USER: 'postgres', ...passwords };
    expect(run('sh', [inRepository('ops/postgres/create-databases.sh')], env)).toEqual({ status: 0, stderr: '' });

    expect(await connect('temporal', 'temporal')).toBe('connected');
    expect(await connect('temporal', 'temporal_visibility')).toBe('connected');
    expect(await connect('mente', 'mente')).toBe('connected');
    expect(await connect('temporal', 'mente')).toMatch('permission denied');
    expect(await connect('mente', 'temporal')).toMatch('permission denied');
  });

  it("leaves the program's role what its migrations need, and they may run again", () => {
    const migrate = ['--import', 'tsx', inRepository('admin/migrate.ts')];
    const keys = { DATA_KEYS: dataKey('k1', 7), DATA_HASH_KEY: hashKey };
    const env = { ...keys, DATABASE_URL: `postgres://mente:b@${adminUrl.host}/mente`, POLICY_FILE: '' };
    expect(run('node', migrate, env)).toEqual({ status: 0, stderr: '' });
    expect(run('node', migrate, env)).toEqual({ status: 0, stderr: '' });
  });
});
