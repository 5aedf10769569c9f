import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Connection } from '@temporalio/client';
import getPort from 'get-port';
import { findTemporalCli } from '../../../dev/stack/binaries.ts';
import { endsWithUs } from '../database/postgres.ts';
import { until } from '../until.ts';

/** A dev server, all in memory. */
export interface TemporalServer {
  address: string;
  stop(): Promise<void>;
}

/** Starts Temporal's dev server. @throws Error where it doesn't answer within a minute */
export async function startTemporal(): Promise<TemporalServer> {
  const [host, port] = ['127.0.0.1', await getPort({ host: '127.0.0.1' })];
  const address = `${host}:${port}`;
  const start = ['server', 'start-dev', '--headless', '--log-level', 'never', '--ip', host, '--port', String(port)];
  const [program, ...args] = [...endsWithUs('TERM'), await findTemporalCli(), ...start] as [string, ...string[]];
  const server = spawn(program, args, { stdio: 'ignore' });
  const ended = once(server, 'exit');
  await until('Temporal answers', () => knowsNamespace(address), 60_000);
  return {
    address,
    async stop() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

/** Whether a server answers for its first namespace; one that hangs doesn't. */
export async function knowsNamespace(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' }).catch(() => undefined);
  if (!connection) return false;
  try {
    await connection.withDeadline(Date.now() + 2_000, () =>
      connection.workflowService.describeNamespace({ namespace: 'default' }),
    );
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}
