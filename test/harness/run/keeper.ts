import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { runChild } from '../../../dev/stack/child.ts';
import { startThrowawayPglite } from '../../../dev/stack/throwaway-pglite.ts';
import { type NoPostgres, type PostgresServer, startPostgres } from '../database/postgres.ts';
import type { TemporalServer } from './temporal.ts';

/**
 * Keeps the servers that the test files of a run share. Each starts when the first file asks for it, and all end with
 * the process that began the run, however that ended. It tells that process its address.
 *
 * `GET /postgres` and `GET /temporal` answer where the one server is. A PGlite has one database only: `POST /pglite`
 * lends one, empty, until `DELETE /pglite` gives it back.
 */
const started: Promise<object>[] = [];
const start = <Server extends object>(server: Promise<Server>) => {
  started.push(server);
  return server;
};

let postgres: Promise<PostgresServer | NoPostgres> | undefined;
let temporal: Promise<TemporalServer> | undefined;
const idlePglites: { url: string }[] = [];

const answers: Record<string, (body: string) => Promise<object>> = {
  'GET /postgres': () => {
    postgres ??= start(startPostgres());
    return postgres;
  },
  'GET /temporal': () => {
    temporal ??= start(import('./temporal.ts').then(({ startTemporal }) => startTemporal()));
    return temporal;
  },
  'POST /pglite': async () => idlePglites.pop() ?? start(startThrowawayPglite()),
  'DELETE /pglite': async (url) => {
    await empty(url);
    idlePglites.push({ url });
    return {};
  },
};

async function empty(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('drop schema if exists drizzle cascade; drop schema public cascade; create schema public');
  await client.end();
}

async function stopAll(): Promise<void> {
  for (const starting of started) {
    const server = await starting.catch(() => ({}));
    if ('stop' in server) await (server as TemporalServer).stop();
  }
}

await runChild(async () => {
  const server = createServer(async (request, response) => {
    // A connection that is kept might end just as the next question comes.
    response.setHeader('connection', 'close');
    try {
      const answer = answers[`${request.method} ${request.url}`];
      response.end(JSON.stringify(await answer?.(await text(request))));
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  return stopAll;
});
