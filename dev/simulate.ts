import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { shanghaiDate } from '../domain/dates.ts';
import { loadPolicies } from '../policy/load.ts';
import { FileError, readYaml } from '../policy/yaml.ts';
import { play } from './simulation/play.ts';
import { report } from './simulation/report.ts';
import { scenarioSchema } from './simulation/scenario.ts';

const usage = `npm run simulate -- <scenario.yaml> [--notifications] [--explain]

Plays a scenario (a submission, decisions and circulars on given days) through the real workflow on a server whose
clock runs ahead, and prints what happens when. Scenarios ship in dev/simulation/scenarios/; POLICY_FILE tries another
policy (of several versions, the one in force at the submission).`;

/** `npm run simulate`: shows what a policy or a holiday does to a case. */
async function main(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    options: { notifications: flag, explain: flag },
    allowPositionals: true,
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new FileError(usage);
  const scenario = readYaml(file, scenarioSchema);
  const policies = loadPolicies(process.env.POLICY_FILE ?? 'policy/panzhihua');
  const policy = policies.at(shanghaiDate(scenario.submittedAt));
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
  });
  console.log(report(scenario, await play(scenario, policy), policy, values));
}

main().then(
  () => process.exit(0),
  (error: Error & { code?: string }) => {
    const isForUser = error instanceof FileError || error.code?.startsWith('ERR_PARSE_ARGS');
    console.error(isForUser ? error.message : error);
    process.exit(1);
  },
);
