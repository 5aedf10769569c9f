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
  await until('Temporal answers', () => answers(address), 60_000);
  return {
    address,
    async stop() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

async function answers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: '1s' });
    await connection.workflowService.describeNamespace({ namespace: 'default' }).finally(() => connection.close());
    return true;
  } catch {
    return false;
  }
}
