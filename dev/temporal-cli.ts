import { spawn } from 'node:child_process';
import { findTemporalCli } from './stack/binaries.ts';

/**
 * `npm run -s temporal -- <args>`: Temporal's own CLI, which talks to the embedded stack unless TEMPORAL_ADDRESS names
 * another server.
 */
const { TEMPORAL_PORT = '7233', TEMPORAL_ADDRESS = `127.0.0.1:${TEMPORAL_PORT}` } = process.env;
try {
  const cli = await findTemporalCli();
  const child = spawn(cli, process.argv.slice(2), { stdio: 'inherit', env: { ...process.env, TEMPORAL_ADDRESS } });
  // Ctrl-C reaches the CLI by itself. It decides what to do, and we exit when it does.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => process.exit(code ?? 1));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
