import { spawn } from 'node:child_process';
import { findTemporalCli } from './stack/binaries.ts';
import { dataDir } from './stack/data-dir.ts';
import { runningStack } from './stack/running.ts';

/**
 * `npm run -s temporal -- <args>`: Temporal's own CLI, for the stack that runs with its data in DATA_DIR, unless
 * TEMPORAL_ADDRESS names another server. Whoever else listens on Temporal's usual port is never spoken to by mistake.
 */
try {
  const cli = await findTemporalCli();
  const args = process.argv.slice(2);
  const child = spawn(cli, args, { stdio: 'inherit', env: { ...process.env, ...server(args) } });
  // Ctrl-C reaches the CLI by itself. It decides what to do, and we exit when it does.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => process.exit(code ?? 1));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}

/** The variables that tell the CLI where the stack's server is. @throws Error where it needs one, and none runs */
function server(args: string[]): NodeJS.ProcessEnv {
  if (process.env.TEMPORAL_ADDRESS) return {};
  const stack = runningStack(dataDir());
  if (stack) return { TEMPORAL_ADDRESS: stack.temporalAddress, TEMPORAL_NAMESPACE: stack.temporalNamespace };
  if (args.some((arg) => /^(--address\b|--help$|-h$|--version$|-v$)/.test(arg))) return {};
  throw new Error(
    `No stack with its data in ${dataDir()} is running: begin with npm start, set the DATA_DIR of one that runs, ` +
      'or set TEMPORAL_ADDRESS to the server that is meant.',
  );
}
