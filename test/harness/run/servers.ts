import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { NoPostgres } from '../database/postgres.ts';

const program = fileURLToPath(new URL('keeper.ts', import.meta.url));
let origin: Promise<string> | undefined;

/** Jest's globalSetup has started a keeper of servers for the whole run; another program starts its own. */
async function startKeeper(): Promise<string> {
  const keeper = fork(program, { execArgv: ['--import', 'tsx'] });
  const [report] = await Promise.race([once(keeper, 'message'), once(keeper, 'exit')]);
  if (!report?.origin) throw new Error("The keeper of the tests' servers did not start");
  keeper.unref();
  keeper.channel?.unref();
  return report.origin;
}

async function ask<Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: string): Promise<Answer> {
  origin ??= process.env.TEST_SERVERS ? Promise.resolve(process.env.TEST_SERVERS) : startKeeper();
  const response = await fetch((await origin) + path, { method, ...(body === undefined ? {} : { body }) });
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return JSON.parse(answer);
}

/** The run's PostgreSQL: a superuser's URL. */
export const askForPostgres = () => ask<{ adminUrl: string } | NoPostgres>('GET', '/postgres');

/** The run's dev server. */
export const askForTemporal = () => ask<{ address: string }>('GET', '/temporal');

/** An empty PGlite, to be given back. */
export async function borrowPglite(): Promise<{ url: string; stop(): Promise<void> }> {
  const { url } = await ask<{ url: string }>('POST', '/pglite');
  return { url, stop: () => ask('DELETE', '/pglite', url) };
}
