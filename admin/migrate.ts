import { systemClock } from '../config/clock.ts';
import { commonEnv, readEnv } from '../config/env.ts';
import { shanghaiDate } from '../domain/dates.ts';
import { loadPolicies } from '../policy/load.ts';
import { seedOf } from '../policy/seed.ts';
import { createKeyring } from '../store/encryption/keyring.ts';
import { migrateAndSeed } from '../store/migrate.ts';

try {
  const used = { DATABASE_URL: true, POLICY_FILE: true, DATA_KEYS: true, DATA_HASH_KEY: true } as const;
  const { DATABASE_URL, POLICY_FILE, DATA_KEYS, DATA_HASH_KEY } = readEnv(commonEnv.pick(used));
  const keyring = createKeyring(DATA_KEYS, DATA_HASH_KEY);
  const today = shanghaiDate(systemClock());
  const seed = seedOf(loadPolicies(POLICY_FILE), today);
  const { otherwiseListed } = await migrateAndSeed(DATABASE_URL, { ...seed, keyring });
  if (otherwiseListed.length > 0) {
    console.warn(
      `The policy's staff has no effect any more, since there is a list of staff: ${otherwiseListed.join(', ')} stand ` +
        'otherwise in it, or not at all. Change it by PUT /v1/staff/{id}, or `npm run admin -- staff-import`.',
    );
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
