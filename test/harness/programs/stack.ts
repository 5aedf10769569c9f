import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { prompt } from '../policy.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** `npm start` as a child process, on free ports and a data folder of its own; its notifications leave at any hour. */
export async function prepareStack() {
  const dataDir = await mkdtemp(join(tmpdir(), 'mente-stack-'));
  // JSON is YAML, too.
  const policyFile = `${dataDir}.yaml`;
  await writeFile(policyFile, JSON.stringify(prompt));
  const names = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'PGLITE_PORT', 'OUTBOX_PORT', 'SMTP_PORT'];
  const ports: Record<string, string> = {};
  for (const name of names) ports[name] = String(await getPort({ host: '127.0.0.1' }));
  const { DATABASE_URL: _, TEMPORAL_ADDRESS: __, ...inherited } = process.env;
  const env = { ...inherited, ...ports, DATA_DIR: dataDir, POLICY_FILE: policyFile };
  let child: ChildProcess | undefined;

  return {
    env,
    api: `http://127.0.0.1:${ports.PORT}`,
    outbox: `http://127.0.0.1:${ports.OUTBOX_PORT}`,

    /** Process ids of the parts, as they are now. */
    pids: (): Record<string, number> => JSON.parse(readFileSync(join(dataDir, 'stack.json'), 'utf8')).pids,

    /** Starts the stack and answers what it printed once it is ready, with the seconds that took. */
    async start(): Promise<{ printed: string; seconds: number }> {
      const began = Date.now();
      child = spawn('npm', ['start'], { cwd: repository, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let printed = '';
      const ready = new Promise<void>((resolve, reject) => {
        const read = (chunk: Buffer) => {
          printed += chunk;
          if (printed.includes('Ctrl-C stops everything')) resolve();
        };
        child?.stdout?.on('data', read);
        child?.stderr?.on('data', read);
        child?.once('exit', () => reject(new Error(`the stack ended:\n${printed}`)));
      });
      await ready;
      return { printed, seconds: (Date.now() - began) / 1000 };
    },

    /** Ctrl-C. */
    async stop(): Promise<number | null> {
      if (!child || child.exitCode !== null) return child?.exitCode ?? null;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const [code] = await ended;
      return code;
    },

    remove: () => Promise.all([dataDir, policyFile].map((path) => rm(path, { recursive: true, force: true }))),
  };
}
