import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { builtBundle } from '../../../dev/stack/workflow-bundle.ts';
import { account } from '../../../dev/stand-ins/account.ts';
import { startStandIns } from '../../../dev/stand-ins/start.ts';
import type { Policy } from '../../../policy/schema.ts';
import { policiesOf } from '../../../policy/versions.ts';
import { migrateAndSeed } from '../../../store/migrate.ts';
import { openAnyDatabase } from '../database/any.ts';
import { dataKey, hashKey, openTestStore } from '../database/store.ts';
import { seedToday } from '../policy.ts';
import { openNamespace } from '../run/namespace.ts';

/** Where the programs find Temporal and the database. */
export interface Servers {
  address: string;
  namespace: string;
  databaseUrl: string;
  client: Client;
  stop(): Promise<void>;
}

/** A namespace and a database, both new. */
export async function startServers(): Promise<Servers> {
  const temporal = await openNamespace();
  const database = await openAnyDatabase();
  return {
    address: temporal.address,
    namespace: temporal.namespace,
    databaseUrl: database.url,
    client: temporal.client,
    async stop() {
      await temporal.teardown();
      await database.stop();
    },
  };
}

/**
 * All that the worker's program needs around it: Temporal, a database whose migrations have run, and stand-ins for all
 * providers.
 */
export async function surroundWorker(policy: Policy, given?: Servers) {
  const servers = given ?? (await startServers());
  const { client, databaseUrl } = servers;
  await migrateAndSeed(databaseUrl, seedToday(policiesOf([policy])));
  const store = await openTestStore(databaseUrl);
  const standIns = await startStandIns({ smtpPort: 0, httpPort: 0, ...account });
  const folder = await mkdtemp(join(tmpdir(), 'mente-worker-'));
  const policyFile = join(folder, 'policy.yaml');
  // JSON is YAML.
  await writeFile(policyFile, JSON.stringify(policy));

  return {
    store,
    standIns,
    client,

    /** The settings of a worker. */
    env: {
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: servers.address,
      TEMPORAL_NAMESPACE: servers.namespace,
      POLICY_FILE: policyFile,
      WORKFLOW_BUNDLE: await builtBundle(),
      FILES_DIR: folder,
      DATA_KEYS: dataKey('k1', 7),
      DATA_HASH_KEY: hashKey,
      TWILIO_ACCOUNT_SID: account.accountSid,
      TWILIO_AUTH_TOKEN: account.authToken,
      TWILIO_FROM: '+12025550100',
      TWILIO_BASE_URL: standIns.twilioUrl,
      ALIYUN_ACCESS_KEY_ID: account.accessKeyId,
      ALIYUN_ACCESS_KEY_SECRET: account.accessKeySecret,
      ALIYUN_SIGN_NAME: '攀枝花医保',
      ALIYUN_ENDPOINT: standIns.aliyunUrl,
      INSURANCE_URL: standIns.insuranceUrl,
      INSURANCE_TOKEN: account.insuranceToken,
      SMTP_URL: standIns.smtpUrl,
      MAIL_FROM: 'mente@pzh-ybj.example',
      WORKBENCH_URL: 'http://127.0.0.1:3000/v1/applications/{acceptanceNumber}',
    },

    async close(): Promise<void> {
      await store.close();
      await standIns.stop();
      await servers.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
