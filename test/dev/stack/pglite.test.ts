import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import {
  freePorts,
  killScript,
  runScript,
  type Script,
  temporaryFolder,
  untilEnded,
  untilReady,
  waitFor,
} from '../../harness/programs/scripts.ts';

const folder = temporaryFolder('pglite');
let port: number;
let server: Script;
let clients: Client[] = [];

async function start(): Promise<void> {
  server = runScript('dev/stack/pglite.ts', { DATA_DIR: folder.path, PGLITE_PORT: String(port) });
  await untilReady(server);
}

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: `postgres://mente@127.0.0.1:${port}/mente` });
  client.on('error', () => {});
  await client.connect();
  clients.push(client);
  return client;
}

/** What cuts the connection as a kill of its process does. */
const cut = (client: Client) =>
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();

beforeAll(async () => {
  [port = 0] = await freePorts(1);
  await start();
  const client = await connect();
  await client.query('create table entries (id int, who text)');
}, 120_000);

afterEach(async () => {
  const client = await connect();
  await client.query('truncate entries');
  await Promise.all(clients.map((opened) => opened.end().catch(() => {})));
  clients = [];
});

afterAll(async () => {
  await killScript(server);
  folder.remove();
});

const who = async (client: Client) =>
  (await client.query('select who from entries order by id')).rows.map((row) => row.who);

describe('PGlite behind its socket', () => {
  it('serves as many clients as the pools of an api, a worker and the migrations need', async () => {
    const many = await Promise.all(Array.from({ length: 40 }, connect));
    const answers = await Promise.all(many.map((client, i) => client.query('select $1::int as i', [i])));
    expect(answers.map(({ rows }) => rows[0].i)).toEqual(many.map((_, i) => i));
  });

  it('knows a statement by its name, whichever of the clients has prepared it, and none that was wrong', async () => {
    const [a, b] = await Promise.all([connect(), connect()]);
    const named = (client: Client, text: string) => client.query({ name: text, text, values: [1] });
    for (const client of [a, b, a, b]) {
      expect((await named(client, 'select $1::int + 1 as sum')).rows).toEqual([{ sum: 2 }]);
      await expect(named(client, 'select $1::int from nothing')).rejects.toThrow('does not exist');
    }
    await a.query('begin');
    await expect(a.query('nonsense')).rejects.toThrow('syntax error');
    await expect(named(a, 'select $1::int as one')).rejects.toThrow('current transaction is aborted');
    await a.query('rollback');
    for (const client of [b, a]) expect((await named(client, 'select $1::int as one')).rows).toEqual([{ one: 1 }]);
  });

  it("keeps two statements apart that wait for a third client's transaction", async () => {
    const [a, b, c] = await Promise.all([connect(), connect(), connect()]);
    for (let i = 0; i < 20; i++) {
      await a.query('begin');
      await a.query('insert into entries values ($1, $2)', [i, 'a']);
      const inserted = b.query('insert into entries values ($1, $2)', [i, 'b']);
      const deleted = c.query('delete from entries where id = $1 and who = $2', [i, 'nobody']);
      await a.query('select $1::int', [i]);
      await a.query('commit');
      expect(await inserted).toMatchObject({ command: 'INSERT', rowCount: 1 });
      expect(await deleted).toMatchObject({ command: 'DELETE', rowCount: 0 });
    }
    expect(await who(a)).toHaveLength(40);
  });

  it('lets one transaction at a time see and change the data', async () => {
    const [a, b] = await Promise.all([connect(), connect()]);
    await a.query("insert into entries values (0, 'counter')");
    const count = async (client: Client) => {
      for (let i = 0; i < 25; i++) {
        await client.query('begin');
        const { rows } = await client.query('select id from entries where who = $1 for update', ['counter']);
        await client.query('update entries set id = $1', [rows[0].id + 1]);
        await client.query('commit');
      }
    };
    await Promise.all([count(a), count(b)]);
    expect((await a.query('select id from entries for share')).rows).toEqual([{ id: 50 }]);
  });

  it('undoes what a client leaves that is killed inside its transaction, and goes on', async () => {
    const [a, b] = await Promise.all([connect(), connect()]);
    await a.query('begin');
    await a.query('insert into entries values ($1, $2)', [1, 'a']);
    const waiting = b.query('insert into entries values ($1, $2)', [2, 'b']);
    cut(a);
    await waiting;
    expect(await who(b)).toEqual(['b']);
  });

  it('undoes half a batch, and what failed, when the client is killed', async () => {
    const b = await connect();
    for (const statement of ["insert into entries values (1, 'half')", 'select 1/0']) {
      for (const before of [[], ['begin']]) {
        const a = await connect();
        for (const sql of before) await a.query(sql);
        const { connection } = a as unknown as {
          connection: Record<'parse' | 'bind' | 'execute', (o: object) => void>;
        };
        connection.parse({ text: statement });
        connection.bind({});
        connection.execute({});
        const waiting = b.query('insert into entries values ($1, $2)', [2, 'b']);
        cut(a);
        await waiting;
      }
    }
    expect(await who(b)).toEqual(['b', 'b', 'b', 'b']);
  });

  it('keeps what was committed when it is killed', async () => {
    const a = await connect();
    let committed = 0;
    const writing = (async () => {
      for (;;) {
        await a.query('insert into entries values ($1, $2)', [committed, 'a']);
        committed += 1;
      }
    })().catch(() => {});
    await waitFor('some rows', () => committed > 50);
    await killScript(server);
    await writing;
    clients = [];
    await start();
    const rows = (await who(await connect())).length;
    expect([committed, committed + 1]).toContain(rows);
  });

  it('goes with the one who started it', async () => {
    server.process.disconnect();
    expect(await untilEnded(server)).toBe(0);
    await start();
  });
});
