import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface Port {
  port: number;
  /** What listens there, for people. */
  use: string;
  /** The environment variable that moves it. */
  variable: string;
}

/**
 * Checks that ports are valid, different and free.
 * @param patienceMs how long to wait until a predecessor has let go of them
 * @throws Error that names the first port that isn't, and the variable that moves it
 */
export async function checkPorts(ports: Port[], patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (const [index, { port, variable }] of ports.entries()) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`${variable} must be a port, from 1 to 65535.`);
    const same = ports.slice(0, index).find((other) => other.port === port);
    if (same)
      throw new Error(`${same.variable} and ${variable} are both ${port}: choose another port for one of them.`);
  }
  for (const { port, use, variable } of ports) {
    while (!(await isFree(port))) {
      if (Date.now() >= deadline) {
        throw new Error(
          `Port ${port} (${use}) is taken: stop what uses it, or choose another one with ${variable}=<port>.`,
        );
      }
      await wait(100);
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  } finally {
    server.close();
  }
}
