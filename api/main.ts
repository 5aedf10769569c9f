import { Connection } from '@temporalio/client';
import { boot, isForOperator } from '../config/boot.ts';
import { apiEnv } from '../config/env.ts';
import { createAuditWriter } from '../store/audit/append.ts';
import { errorCode } from '../store/errors.ts';
import { createApp } from './app.ts';
import { createInspector } from './files/content/inspect.ts';
import { createAuthenticate } from './http/auth.ts';
import { tokenSources } from './http/issuers.ts';
import { serverOf } from './http/server.ts';
import { createTemporalClient } from './temporal.ts';

/** How long requests under way may take once the process is told to stop. */
const DRAIN_MS = 10_000;

/** Serves the api until it is told to stop (SIGTERM, SIGINT): requests under way are answered first. */
function main(): void {
  const { env, policies, log, keyring, store, now } = boot(apiEnv, 'api');
  // Lazy: the api also starts, and answers what needs no Temporal, while Temporal is down.
  const connection = Connection.lazy({ address: env.TEMPORAL_ADDRESS });
  const temporal = createTemporalClient(connection, env.TEMPORAL_NAMESPACE, keyring);
  const inspector = createInspector({ clamdAddress: env.CLAMD_ADDRESS, log });
  const audit = createAuditWriter(store, (anchor) => log.info({ anchor }, 'audit anchor'));
  const app = createApp(
    {
      store,
      policies,
      temporal,
      audit,
      log,
      now,
      inspector,
      temporalUiOrigin: env.TEMPORAL_UI_ORIGIN,
      insuranceHookSecret: env.INSURANCE_HOOK_SECRET,
      twilioAuthToken: env.TWILIO_AUTH_TOKEN,
      publicUrl: env.PUBLIC_URL,
      requestsPerMinute: env.REQUESTS_PER_MINUTE,
      trustedProxies: env.TRUST_PROXY,
    },
    createAuthenticate(tokenSources(env), keyring.hash),
  );
  const server = serverOf(app);
  server.once('error', (error) => {
    const where = `port ${env.PORT} of ${env.HOST}`;
    fail(`The api can't listen on ${where} (${errorCode(error)}): set PORT or HOST to another one.`);
  });
  server.listen(env.PORT, env.HOST, () => {
    log.info({ host: env.HOST, port: env.PORT }, 'listening');
    process.send?.('ready');
  });

  const stop = () => {
    server.close(async () => {
      inspector.close();
      audit.tellAnchor();
      await connection.close();
      await store.close();
      process.exit(0);
    });
    server.closeIdleConnections();
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, stop);
}

function fail(reason: unknown): never {
  console.error(reason);
  process.exit(1);
}

try {
  main();
} catch (error) {
  fail(isForOperator(error) ? error.message : error);
}
