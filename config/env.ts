import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Settings that are missing or malformed; the message names every one of them, one a line. */
export class ConfigError extends Error {}

const key32 = (text: string) => Buffer.from(text, 'base64').length === 32;
const namedKey = (text: string) => /^[\w-]+$/.test(text.split(':')[0] ?? '') && key32(text.split(':')[1] ?? '');
const port = z.coerce
  .number('must be a port')
  .int('must be a port')
  .min(0, 'must be a port')
  .max(65_535, 'must be a port');

const idsDiffer = (keys: string[]) => new Set(keys.map((key) => key.split(':')[0])).size === keys.length;
const isJwk = (text: string) => {
  try {
    return typeof JSON.parse(text).kty === 'string';
  } catch {
    return false;
  }
};

/** By itself zod looks at several fields together only once each of them is right; here everything is told at once. */
const always = () => true;

/** Where the api takes Twilio's receipts. */
export const twilioHookPath = '/v1/hooks/twilio/status';

/** As Twilio is told it, and signs it. @param publicUrl PUBLIC_URL */
export function twilioHookUrl(publicUrl: string): string {
  return publicUrl + twilioHookPath;
}

/** What every process needs. */
export const commonEnv = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  POLICY_FILE: z.string().default(fileURLToPath(new URL('../policy/panzhihua', import.meta.url))),
  FILES_DIR: z.string().min(1),
  DATA_KEYS: z
    .string()
    .transform((text) => text.split(','))
    .refine((keys) => keys.every(namedKey), 'must be id:base64-of-32-bytes, several separated by commas')
    .refine(idsDiffer, 'must give each key an id of its own'),
  /** Where people and providers reach the api, without a slash at the end. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  DATA_HASH_KEY: z.string().refine(key32, 'must be 32 bytes in base64'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export const apiEnv = commonEnv
  .extend({
    PORT: port.default(3000),
    HOST: z.string().optional(),
    OIDC_ISSUER: z.url().optional(),
    OIDC_AUDIENCE: z.string().optional(),
    TEMPORAL_UI_ORIGIN: z.url().optional(),
    INSURANCE_HOOK_SECRET: z.string().min(32, 'must be at least 32 characters').optional(),
    /** With which Twilio signs its receipts; undefined where there are none. */
    TWILIO_AUTH_TOKEN: z.string().optional(),
    EMBEDDED_TOKEN_KEY: z.string().refine(isJwk, 'must be a public key as a JWK in JSON').optional(),
    NODE_ENV: z.string().optional(),
  })
  .refine(({ OIDC_ISSUER, OIDC_AUDIENCE }) => !OIDC_ISSUER || OIDC_AUDIENCE, {
    path: ['OIDC_AUDIENCE'],
    error: 'is required with OIDC_ISSUER',
    when: always,
  })
  .refine(({ OIDC_ISSUER, EMBEDDED_TOKEN_KEY }) => OIDC_ISSUER || EMBEDDED_TOKEN_KEY, {
    path: ['OIDC_ISSUER'],
    error: 'is required: who issues the bearer tokens?',
    when: always,
  })
  .refine((env) => !env.EMBEDDED_TOKEN_KEY || !(env.OIDC_ISSUER || env.NODE_ENV === 'production'), {
    path: ['EMBEDDED_TOKEN_KEY'],
    error: 'belongs to the embedded stack and is never accepted in production or beside OIDC_ISSUER',
    when: always,
  });

const workerSettings = commonEnv.extend({
  /** Where the staff see a case, for the links in their mails. */
  WORKBENCH_URL: z
    .url({ protocol: /^https?$/ })
    .includes('{acceptanceNumber}', 'must contain {acceptanceNumber}')
    .optional(),
  TWILIO_ACCOUNT_SID: z.string().startsWith('AC').optional(),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_FROM: z.string().optional(),
  TWILIO_BASE_URL: z.url().optional(),
  ALIYUN_ACCESS_KEY_ID: z.string().optional(),
  ALIYUN_ACCESS_KEY_SECRET: z.string().optional(),
  ALIYUN_SIGN_NAME: z.string().optional(),
  ALIYUN_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  INSURANCE_URL: z.url(),
  INSURANCE_TOKEN: z.string().min(1),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  MAIL_FROM: z.string().min(1),
  WORKFLOW_BUNDLE: z.string().optional(),
  HEALTH_PORT: port.optional(),
});

const smsSettings = [
  ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'],
  ['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET', 'ALIYUN_SIGN_NAME'],
] as const;

export const workerEnv = smsSettings
  .flatMap((all) => all.map((name) => ({ name, all })))
  .reduce(
    (schema, { name, all }) =>
      schema.refine((env) => env[name] || all.every((other) => !env[other]), {
        path: [name],
        error: `is required: of ${all.join(', ')} all are set or none`,
        when: always,
      }),
    workerSettings,
  )
  .refine((env) => smsSettings.some((all) => all.some((name) => env[name])), {
    path: ['TWILIO_ACCOUNT_SID'],
    error: 'is required, or ALIYUN_ACCESS_KEY_ID: who sends 短信?',
    when: always,
  })
  .refine(({ WORKBENCH_URL, PUBLIC_URL }) => WORKBENCH_URL || PUBLIC_URL, {
    path: ['WORKBENCH_URL'],
    error: 'is required, or PUBLIC_URL: where do the mails to the staff link to?',
    when: always,
  });

export type WorkerEnv = z.infer<typeof workerEnv>;

/**
 * Reads settings from the environment.
 * @throws ConfigError with everything that is wrong
 */
export function readEnv<Schema extends z.ZodType>(
  schema: Schema,
  env: NodeJS.ProcessEnv = process.env,
): z.infer<Schema> {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message, code }) => {
    const name = String(path[0]);
    if (set[name] !== undefined) return `${name}: ${message}`;
    return code === 'invalid_type' ? `${name} is not set` : `${name} is not set: ${message}`;
  });
  throw new ConfigError(problems.join('\n'));
}
