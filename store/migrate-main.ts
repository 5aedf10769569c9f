import { commonEnv, readEnv } from '../config/env.ts';
import { loadPolicy } from '../policy/load.ts';
import { migrateAndSeed } from './migrate.ts';

try {
  const { DATABASE_URL, POLICY_FILE } = readEnv(commonEnv.pick({ DATABASE_URL: true, POLICY_FILE: true }));
  await migrateAndSeed(DATABASE_URL, loadPolicy(POLICY_FILE));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
