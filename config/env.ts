import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { isEncrypted, oidcIssuers } from './issuers.ts';

/** Settings that are missing or malformed; the message names each of them, a line each. */
export class ConfigError extends Error {}

const key32 = (text: string) => Buffer.from(text, 'base64').length === 32;
const namedKey = (text: string) => /^[\w-]{1,40}$/.test(text.split(':')[0] ?? '') && key32(text.split(':')[1] ?? '');
/** A check of our own: after zod's `.int()` fails, zod skips all other checks, also those of several fields. */
const isPort = (number: number) => Number.isInteger(number) && number >= 0 && number <= 65_535;
const port = z.coerce.number('must be a port').refine(isPort, 'must be a port');
const url = (protocols: RegExp, like: string) => z.url({ protocol: protocols, error: `must be a URL, ${like}` });
const httpUrl = url(/^https?$/, 'https://… or http://…');

const isNetwork = (text: string) => {
  const [address = '', bits = '0', ...rest] = text.split('/');
  const family = isIP(address);
  return family > 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
};

const idsDiffer = (keys: string[]) => new Set(keys.map((key) => key.split(':')[0])).size === keys.length;
const isJwk = (text: string) => {
  try {
    return typeof JSON.parse(text).kty === 'string';
  } catch {
    return false;
  }
};

/** What isn't a list is complained of by itself. */
const allEncrypted = (issuers: unknown) =>
  !Array.isArray(issuers) || issuers.every((entry) => typeof entry?.issuer !== 'string' || isEncrypted(entry.issuer));

/** For zod's `when`: by itself it compares fields only once each is right; here all that is wrong is said at once. */
const always = () => true;

/** Where a daemon listens: a socket's path, or a host (IPv6 in brackets) and a port. */
const isAddress = (text: string) => {
  const { host, port } = /^(?<host>[^\s:[\]]+|\[[\da-f:]+\]):(?<port>\d+)$/i.exec(text)?.groups ?? {};
  return text.startsWith('/') || (host !== undefined && isPort(Number(port)) && Number(port) > 0);
};

/** Where the api takes Twilio's receipts. */
export const twilioHookPath = '/v1/hooks/twilio/status';

/** The hook's full address, which Twilio is given and which its signature covers. @param publicUrl PUBLIC_URL */
export function twilioHookUrl(publicUrl: string): string {
  return publicUrl + twilioHookPath;
}

const twilioAuthToken = z
  .string()
  .optional()
  .describe("Twilio's token: the worker sends with it, the api checks the signature of receipts");

/** What every process needs. docs/configuration.md shows the descriptions (`npm run docs:configuration`). */
export const commonEnv = z.object({
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgres://…').describe(
    'PostgreSQL. Unset, `npm start` runs PGlite in the data folder',
  ),
  TEMPORAL_ADDRESS: z
    .string()
    .default('127.0.0.1:7233')
    .describe("Temporal's frontend. Unset, `npm start` runs the dev server"),
  TEMPORAL_NAMESPACE: z.string().default('default').describe('Namespace of the workflows'),
  POLICY_FILE: z
    .string()
    .default(fileURLToPath(new URL('../policy/panzhihua', import.meta.url)))
    .describe("The city's rules: a file, or a folder whose `*.yaml` are the versions"),
  FILES_DIR: z
    .string()
    .min(1)
    .describe('Folder of the uploaded files (encrypted); shared by all processes of api and worker'),
  DATA_KEYS: z
    .string()
    .transform((text) => text.split(','))
    .refine((keys) => keys.every(namedKey), 'must be id:base64-of-32-bytes, several separated by commas')
    .refine(idsDiffer, 'must give each key an id of its own')
    .describe('`id:base64` of 32 bytes, several separated by commas; the first encrypts, all decrypt'),
  PUBLIC_URL: httpUrl
    .refine((text) => !/[?#]/.test(text), 'must have no query (?) and no fragment (#)')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe(
      'Where the api is reached from outside, without a query; Twilio tells there what became of a notification',
    ),
  DATA_HASH_KEY: z
    .string()
    .refine(key32, 'must be 32 bytes in base64')
    .describe('32 bytes in base64: keyed hashes for look-up. It never changes'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level that is logged'),
});

export const apiEnv = commonEnv
  .extend({
    PORT: port.default(3000).describe('Where the api listens'),
    HOST: z.string().default('127.0.0.1').describe('Address that it listens on; `0.0.0.0` is all of the machine'),
    TRUST_PROXY: z
      .string()
      .transform((text) => text.split(',').map((network) => network.trim()))
      .refine((networks) => networks.every(isNetwork), 'must be addresses or networks, as 10.0.0.7 or 10.0.0.0/8')
      .optional()
      .describe(
        'Addresses or networks of the proxies in front, separated by commas: only from them `X-Forwarded-For` is ' +
          'believed. Unset, nobody is, and behind a proxy all requests count as one address',
      ),
    REQUESTS_PER_MINUTE: z.coerce
      .number('must be a number')
      .refine((number) => Number.isInteger(number) && number > 0, 'must be a whole number above 0')
      .default(1200)
      .describe('How many requests an address may send in a minute; an office may be behind one'),
    OIDC_ISSUERS: oidcIssuers
      .optional()
      .describe(
        'Who issues the bearer tokens, a JSON list: for each app ' +
          '`{"issuer","audience","for":"applicants","channel"}` (claims `name` and `id_number`, verified), for the ' +
          'office `{"issuer","audience","for":"staff"}` (claim `roles`: clerk, reviewer, supervisor, director, ' +
          'admin). `"claims"` names other claims. Required outside the embedded stack; https in production',
      ),
    TEMPORAL_UI_ORIGIN: httpUrl
      .optional()
      .describe('Origin of Temporal Web, whose pages may then ask `/codec/decode` to read encrypted text'),
    INSURANCE_HOOK_SECRET: z
      .string()
      .min(32, 'must be at least 32 characters')
      .optional()
      .describe(
        'With which the insurance core signs what it tells (`/v1/hooks/insurance-core`), with a time that is five minutes ' +
          "from ours at most: keep the clocks right; unset, it isn't heard",
      ),
    TWILIO_AUTH_TOKEN: twilioAuthToken,
    CLAMD_ADDRESS: z
      .string()
      .refine(isAddress, 'must be host:port, or the path of a socket')
      .optional()
      .describe(
        'The malware scanner (clamd) that every upload passes: `host:port`, or the path of its socket. ' +
          'Unset, nothing is scanned',
      ),
    EMBEDDED_TOKEN_KEY: z
      .string()
      .refine(isJwk, 'must be a public key as a JWK in JSON')
      .optional()
      .describe("The embedded stack's own token key; refused in production and beside `OIDC_ISSUERS`"),
    NODE_ENV: z
      .string()
      .optional()
      .describe('`production` in the image; the embedded token key and issuers without https are refused there'),
  })
  .refine(({ OIDC_ISSUERS, EMBEDDED_TOKEN_KEY }) => OIDC_ISSUERS || EMBEDDED_TOKEN_KEY, {
    path: ['OIDC_ISSUERS'],
    error: 'who issues the bearer tokens?',
    when: always,
  })
  .refine((env) => env.NODE_ENV !== 'production' || allEncrypted(env.OIDC_ISSUERS), {
    path: ['OIDC_ISSUERS'],
    error: 'every issuer must be https://… in production',
    when: always,
  })
  .refine((env) => !env.EMBEDDED_TOKEN_KEY || !(env.OIDC_ISSUERS || env.NODE_ENV === 'production'), {
    path: ['EMBEDDED_TOKEN_KEY'],
    error: 'belongs to the embedded stack and is never accepted in production or beside OIDC_ISSUERS',
    when: always,
  });

const workerSettings = commonEnv.extend({
  WORKBENCH_URL: httpUrl
    .includes('{acceptanceNumber}', 'must contain {acceptanceNumber}')
    .optional()
    .describe(
      "Where the staff's mails link to, with `{acceptanceNumber}`. Unset, the api's address of a case, " +
        'which needs `PUBLIC_URL`',
    ),
  TWILIO_ACCOUNT_SID: z
    .string()
    .startsWith('AC', 'must begin with AC')
    .optional()
    .describe(
      '短信 by Twilio: it, `TWILIO_AUTH_TOKEN` and `TWILIO_FROM`, all or none; one of Twilio and Alibaba is required',
    ),
  TWILIO_AUTH_TOKEN: twilioAuthToken,
  TWILIO_FROM: z.string().optional().describe('The sender: a number, or the id of a messaging service'),
  TWILIO_BASE_URL: httpUrl
    .optional()
    .describe('Origin of a stand-in on this machine, or of a proxy to Twilio. Unset, Twilio'),
  ALIYUN_ACCESS_KEY_ID: z
    .string()
    .optional()
    .describe('短信 by Alibaba Cloud: it, `ALIYUN_ACCESS_KEY_SECRET` and `ALIYUN_SIGN_NAME`, all or none'),
  ALIYUN_ACCESS_KEY_SECRET: z.string().optional().describe('Belongs to the access key id'),
  ALIYUN_SIGN_NAME: z.string().optional().describe('An approved signature (签名)'),
  ALIYUN_ENDPOINT: httpUrl.optional().describe('Origin of a stand-in. Unset, Alibaba Cloud'),
  INSURANCE_URL: httpUrl.describe(
    'The insurance core; it speaks `activities/insurance/adapters/insurance-core.openapi.yaml`',
  ),
  INSURANCE_TOKEN: z.string().min(1).describe('Bearer token for the insurance core'),
  SMTP_URL: url(/^smtps?$/, 'smtps://… or smtp://…').describe(
    'E-mail to the staff, as `smtps://user:password@host:465` (user and password URL-encoded)',
  ),
  MAIL_FROM: z.string().min(1).describe('Sender of those mails'),
  WORKFLOW_BUNDLE: z
    .string()
    .optional()
    .describe('Bundle made by `npm run build:workflows -- <file>`. Unset, the worker bundles at its start'),
  HEALTH_PORT: port.optional().describe('Where the worker answers `GET /healthz`. Unset, nowhere'),
  HEALTH_HOST: z.string().default('127.0.0.1').describe('Address for that; `0.0.0.0` is all of the machine'),
});

/** The settings that each provider of 短信 needs; they are set together or not at all. */
export const smsSettings = {
  twilio: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'],
  aliyun: ['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET', 'ALIYUN_SIGN_NAME'],
} as const;

/** Joins names for a sentence, as in "A, B and C". */
export function inWords(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(names);
}

export const workerEnv = Object.values(smsSettings)
  .flatMap((group) => group.map((name) => ({ name, group })))
  .reduce(
    (schema, { name, group }) =>
      schema.refine((env) => env[name] || group.every((other) => !env[other]), {
        path: [name],
        error: `${inWords(group)} go together`,
        when: always,
      }),
    workerSettings,
  )
  .refine((env) => Object.values(smsSettings).some((group) => group.some((name) => env[name])), {
    path: ['TWILIO_ACCOUNT_SID'],
    error: `either ${inWords(smsSettings.twilio)} have to be, or ${inWords(smsSettings.aliyun)}, for the 短信`,
    when: always,
  })
  .refine(({ WORKBENCH_URL, PUBLIC_URL }) => WORKBENCH_URL || PUBLIC_URL, {
    path: ['WORKBENCH_URL'],
    error: 'either it or PUBLIC_URL has to be, for the links in the mails to the staff',
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
