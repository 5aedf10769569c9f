import { systemClock } from '../config/clock.ts';
import { commonEnv, readEnv } from '../config/env.ts';
import { shanghaiDate } from '../domain/dates.ts';
import { loadPolicies } from '../policy/load.ts';
import { seedOf } from '../policy/seed.ts';
import { migrateAndSeed } from '../store/migrate.ts';

try {
  const { DATABASE_URL, POLICY_FILE } = readEnv(commonEnv.pick({ DATABASE_URL: true, POLICY_FILE: true }));
  const today = shanghaiDate(systemClock());
  await migrateAndSeed(DATABASE_URL, seedOf(loadPolicies(POLICY_FILE), today));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
