import { Connection } from '@temporalio/client';
import { boot, isForOperator } from '../config/boot.ts';
import { apiEnv } from '../config/env.ts';
import { errorCode } from '../store/errors.ts';
import { createApp } from './app.ts';
import { createAuthenticate } from './http/auth.ts';
import { tokenSources } from './http/issuers.ts';
import { createTemporalClient } from './temporal.ts';

/** How long requests under way may take once the process is told to stop. */
const DRAIN_MS = 10_000;

/** Serves the api until it is told to stop (SIGTERM, SIGINT): requests under way are answered first. */
function main(): void {
  const { env, policies, log, keyring, store, now } = boot(apiEnv, 'api');
  // Lazy: the api also starts, and answers what needs no Temporal, while Temporal is down.
  const connection = Connection.lazy({ address: env.TEMPORAL_ADDRESS });
  const temporal = createTemporalClient(connection, env.TEMPORAL_NAMESPACE, keyring);
  const app = createApp(
    {
      store,
      policies,
      temporal,
      log,
      now,
      temporalUiOrigin: env.TEMPORAL_UI_ORIGIN,
      insuranceHookSecret: env.INSURANCE_HOOK_SECRET,
      twilioAuthToken: env.TWILIO_AUTH_TOKEN,
      publicUrl: env.PUBLIC_URL,
    },
    createAuthenticate(tokenSources(env), keyring.hash),
  );
  const listening = (error?: Error) => {
    if (error) fail(`The api can't listen on port ${env.PORT} (${errorCode(error)}): set PORT to another one.`);
    log.info({ port: env.PORT }, 'listening');
    process.send?.('ready');
  };
  const server = env.HOST ? app.listen(env.PORT, env.HOST, listening) : app.listen(env.PORT, listening);

  const stop = () => {
    server.close(async () => {
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
