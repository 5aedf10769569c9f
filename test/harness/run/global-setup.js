import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('keeper.ts', import.meta.url));

/** Jest's globalSetup: the test files find the keeper of this run's servers by TEST_SERVERS. */
export default async function setUp() {
  const keeper = fork(program, { execArgv: ['--import', 'tsx'] });
  const [report] = await Promise.race([once(keeper, 'message'), once(keeper, 'exit')]);
  if (!report?.origin) throw new Error("The keeper of the tests' servers did not start");
  process.env.TEST_SERVERS = report.origin;
  globalThis.endServers = async () => {
    const ended = once(keeper, 'exit');
    keeper.disconnect();
    await ended;
  };
}
