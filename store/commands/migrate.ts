import { commonEnv, readEnv } from '../../config/env.ts';
import { loadPolicies } from '../../policy/load.ts';
import { migrateAndSeed } from '../migrate.ts';

try {
  const { DATABASE_URL, POLICY_FILE } = readEnv(commonEnv.pick({ DATABASE_URL: true, POLICY_FILE: true }));
  await migrateAndSeed(DATABASE_URL, loadPolicies(POLICY_FILE));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
