import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endProcess, howItEnded } from '../../../dev/stack/supervised-child.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${repository}/package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};

/** Node's flags for a program: those of its script in package.json, if it has one. */
function flagsOf(script: string): string[] {
  const line = Object.values(scripts).find((line) => line.endsWith(` ${script}`));
  return line?.match(/node (.*) \S+$/)?.[1]?.split(' ') ?? ['--import', 'tsx'];
}

/** The worker's program, as an operator runs it; it can be killed and started again. @param env its settings */
export const realWorker = (env: Record<string, string>) => realProgram('worker/main.ts', env);

/** A program of ours that says when it is ready. @param script its path from the repository's root */
export function realProgram(script: string, env: Record<string, string>) {
  let child: ChildProcess | undefined;
  return {
    pid: () => child?.pid,

    /** Resolves when it takes work. */
    async start(): Promise<void> {
      child = fork(script, {
        cwd: repository,
        execArgv: flagsOf(script),
        env: { ...process.env, ...env },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const [report] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
      if (report !== 'ready') throw new Error(`${script} did not start (${howItEnded(child)})`);
    },

    /** Resolves when it has finished what is under way. */
    async stop(): Promise<void> {
      if (child) await endProcess(child);
    },

    /** SIGKILL: nothing is finished, nothing written down. Resolves when it is gone. */
    async kill(): Promise<void> {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
