import { join } from 'node:path';
import type { Port } from './ports.ts';
import { publicTokenKey, type Secrets, sharedSecret } from './secrets.ts';

/** Where the parts of the embedded stack are, for people and for other programs. */
export interface StackAddresses {
  apiUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  /** Temporal Web; undefined when TEMPORAL_ADDRESS names somebody else's server. */
  temporalUiUrl?: string;
  outboxUrl: string;
}

export interface StackSettings {
  /** False when DATABASE_URL names another database. */
  ownDatabase: boolean;
  /** False when TEMPORAL_ADDRESS names another server. */
  ownTemporal: boolean;
  /** The ports that the parts listen on. */
  ports: Port[];
  addresses: StackAddresses;
  /** The environment of all parts. */
  childEnv(secrets: Secrets): NodeJS.ProcessEnv;
}

/** Works out the stack from the environment: what is set there wins over the stack's own parts and keys. */
export function stackSettings(environment: NodeJS.ProcessEnv, dataDir: string): StackSettings {
  // A variable that is set to nothing counts as not set.
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { PORT = '3000', TEMPORAL_PORT = '7233', TEMPORAL_UI_PORT = '8233', PGLITE_PORT = '5433' } = env;
  const { OUTBOX_PORT = '4010', SMTP_PORT = '1025' } = env;
  const ownDatabase = !env.DATABASE_URL;
  const ownTemporal = !env.TEMPORAL_ADDRESS;
  const addresses: StackAddresses = {
    apiUrl: `http://127.0.0.1:${PORT}`,
    temporalAddress: env.TEMPORAL_ADDRESS ?? `127.0.0.1:${TEMPORAL_PORT}`,
    temporalNamespace: env.TEMPORAL_NAMESPACE ?? 'default',
    ...(ownTemporal ? { temporalUiUrl: `http://127.0.0.1:${TEMPORAL_UI_PORT}` } : {}),
    outboxUrl: `http://127.0.0.1:${OUTBOX_PORT}`,
  };
  const ports = [
    { port: Number(PORT), use: 'the api', variable: 'PORT' },
    ...(ownTemporal
      ? [
          { port: Number(TEMPORAL_PORT), use: 'Temporal', variable: 'TEMPORAL_PORT' },
          { port: Number(TEMPORAL_UI_PORT), use: 'Temporal Web', variable: 'TEMPORAL_UI_PORT' },
        ]
      : []),
    ...(ownDatabase ? [{ port: Number(PGLITE_PORT), use: 'the database', variable: 'PGLITE_PORT' }] : []),
    { port: Number(OUTBOX_PORT), use: 'sent notifications', variable: 'OUTBOX_PORT' },
    { port: Number(SMTP_PORT), use: 'mail', variable: 'SMTP_PORT' },
  ];
  const childEnv = (secrets: Secrets) => ({
    DATABASE_URL: `postgres://mente@127.0.0.1:${PGLITE_PORT}/mente`,
    FILES_DIR: join(dataDir, 'files'),
    DATA_KEYS: `embedded:${secrets.dataKey}`,
    DATA_HASH_KEY: secrets.hashKey,
    ...(env.OIDC_ISSUERS ? {} : { EMBEDDED_TOKEN_KEY: JSON.stringify(publicTokenKey(secrets)) }),
    ...(env.TWILIO_ACCOUNT_SID ? {} : standInTwilio(secrets, addresses)),
    ...(env.ALIYUN_ACCESS_KEY_ID ? {} : standInAliyun(secrets, addresses.outboxUrl)),
    ...(env.INSURANCE_URL ? {} : standInInsurance(secrets, addresses.outboxUrl)),
    INSURANCE_HOOK_SECRET: sharedSecret(secrets, 'insurance-hook'),
    WORKBENCH_URL: `${addresses.apiUrl}/v1/applications/{acceptanceNumber}`,
    SMTP_URL: `smtp://127.0.0.1:${SMTP_PORT}`,
    MAIL_FROM: 'mente@localhost',
    ...env,
    DATA_DIR: dataDir,
    PORT,
    TEMPORAL_ADDRESS: addresses.temporalAddress,
  });
  return { ownDatabase, ownTemporal, ports, addresses, childEnv };
}

/** Settings for the insurance core's stand-in, which is served where the page of sent notifications is. */
function standInInsurance(secrets: Secrets, outboxUrl: string) {
  return { INSURANCE_URL: `${outboxUrl}/insurance`, INSURANCE_TOKEN: sharedSecret(secrets, 'insurance') };
}

/**
 * Settings for Twilio's stand-in. The sender is a number that Twilio reserves for tests. PUBLIC_URL is set only here:
 * the real Twilio couldn't reach this machine with its receipts.
 */
function standInTwilio({ twilioAccountSid, twilioAuthToken }: Secrets, { apiUrl, outboxUrl }: StackAddresses) {
  return {
    TWILIO_ACCOUNT_SID: twilioAccountSid,
    TWILIO_AUTH_TOKEN: twilioAuthToken,
    TWILIO_FROM: '+15005550006',
    TWILIO_BASE_URL: outboxUrl,
    PUBLIC_URL: apiUrl,
  };
}

/** Settings for Alibaba's stand-in, which approves any signature (签名). */
function standInAliyun(secrets: Secrets, endpoint: string) {
  return {
    ALIYUN_ACCESS_KEY_ID: 'LTAI-stand-in',
    ALIYUN_ACCESS_KEY_SECRET: sharedSecret(secrets, 'aliyun'),
    ALIYUN_SIGN_NAME: '攀枝花医保',
    ALIYUN_ENDPOINT: endpoint,
  };
}
