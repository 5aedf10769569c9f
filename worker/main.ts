import { createServer } from 'node:http';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import { createInsuranceHttp } from '../activities/insurance/adapters/http.ts';
import { createSmtp } from '../activities/notifications/adapters/smtp.ts';
import { boot, isForOperator } from '../config/boot.ts';
import { ConfigError, workerEnv } from '../config/env.ts';
import { policyInForce } from '../policy/versions.ts';
import { errorCode } from '../store/errors.ts';
import { temporalLogger } from './logger.ts';
import { ensureSchedules, ensureSearchAttributes } from './namespace.ts';
import { isTwilioReal, smsProvidersOf } from './sms.ts';
import { createWorkers, type Workers } from './worker.ts';

/** Runs the worker until it gets a signal to stop (SIGTERM, SIGINT): what is under way is finished first. */
async function main(): Promise<void> {
  const { env, policies, log, keyring, store, now } = boot(workerEnv, 'worker');
  Runtime.install({ shutdownSignals: ['SIGINT', 'SIGTERM'], logger: temporalLogger(log) });

  const policy = policyInForce({ policies, now });
  const sms = await smsProvidersOf(env, policy, now);
  const smtp = createSmtp(env.SMTP_URL, env.MAIL_FROM);
  const insurance = createInsuranceHttp({ baseUrl: env.INSURANCE_URL, token: env.INSURANCE_TOKEN });
  const onError = (activity: string, error: unknown) =>
    log.error({ activity, code: errorCode(error) }, 'activity failed');
  const activities = createActivities({
    store,
    policies,
    now,
    providers: { sms, email: smtp },
    twilioIsReal: isTwilioReal(env),
    // Until there is a page for them, the staff's programs read the case from the api.
    workbenchUrl: env.WORKBENCH_URL ?? `${env.PUBLIC_URL}/v1/applications/{acceptanceNumber}`,
    insurance,
    onProvider: (about, report) => log.warn(about, report),
    onDivergence: (found) => log.error(found, 'row and workflow have come apart: run `admin check`'),
    onMended: (found) => log[found.done ? 'warn' : 'error'](found, 'store and Temporal were apart'),
    onRetained: (counts) => log.info(counts, 'retention'),
    onError,
  });

  const connection = await NativeConnection.connect({ address: env.TEMPORAL_ADDRESS }).catch(() => {
    throw new ConfigError(`Temporal can't be reached at ${env.TEMPORAL_ADDRESS} (TEMPORAL_ADDRESS).`);
  });
  const namespace = env.TEMPORAL_NAMESPACE;
  await ensureSearchAttributes(connection, namespace);
  const { notifying, retention } = policy;
  await ensureSchedules(connection, namespace, { briefingAt: notifying.briefingAt, retentionAt: retention.runsAt });
  const workflowBundle = env.WORKFLOW_BUNDLE ? { codePath: env.WORKFLOW_BUNDLE } : undefined;
  const workers = await createWorkers({ connection, namespace, activities, onError, keyring, workflowBundle });

  const health = env.HEALTH_PORT === undefined ? undefined : healthServer(workers, env.HEALTH_PORT, env.HEALTH_HOST);
  const running = workers.run();
  process.send?.('ready');
  // The supervisor of the embedded stack has ended, for whatever reason.
  process.once('disconnect', workers.shutdown);
  try {
    await running;
  } finally {
    health?.close();
    smtp.close();
    await connection.close();
    await store.close();
  }
}

/** `GET /healthz`: 200 while all workers take work, 503 while one stops. */
function healthServer(workers: Workers, port: number, host: string) {
  return createServer((_, response) => {
    const state = workers.getState();
    response.writeHead(state === 'RUNNING' ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ state }));
  }).listen(port, host);
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(isForOperator(error) ? error.message : error);
    process.exit(1);
  },
);
