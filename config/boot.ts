import { pino } from 'pino';
import type { z } from 'zod';
import { estimator } from '../policy/calendar/arrangements.ts';
import { loadPolicies } from '../policy/load.ts';
import { FileError } from '../policy/yaml.ts';
import { createKeyring } from '../store/encryption/keyring.ts';
import { errorCode } from '../store/errors.ts';
import { openStore } from '../store/open.ts';
import { systemClock } from './clock.ts';
import { ConfigError, type commonEnv, readEnv } from './env.ts';

/**
 * Opens what every process of ours begins with: its settings, the policy, the keys, the store, a log and a clock.
 * @param schema of the settings
 * @param logsAs its name in the log; null for a program whose output is for people, and which logs nothing
 * @throws ConfigError, FileError
 */
export function boot<Schema extends z.ZodType<z.infer<typeof commonEnv>>>(schema: Schema, logsAs: string | null) {
  const env = readEnv(schema);
  const policies = loadPolicies(env.POLICY_FILE);
  const log = pino(logsAs === null ? { level: 'silent' } : { name: logsAs, level: env.LOG_LEVEL });
  const keyring = createKeyring(env.DATA_KEYS, env.DATA_HASH_KEY);
  const store = openStore({
    url: env.DATABASE_URL,
    keyring,
    filesDir: env.FILES_DIR,
    estimate: estimator(policies),
    onError: (error) => log.warn({ code: errorCode(error) }, 'store'),
  });
  return { env, policies, log, keyring, store, now: systemClock };
}

/** Whether an error's message is a sentence for the operator, who gave wrong settings or a wrong file. */
export function isForOperator(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof FileError;
}
