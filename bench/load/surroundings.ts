import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import getPort from 'get-port';
import type { Policy } from '../../policy/schema.ts';
import { tokenIssuer } from '../../test/harness/http/tokens.ts';
import { prompt } from '../../test/harness/policy.ts';
import { realProgram, realWorker } from '../../test/harness/programs/real-program.ts';
import { surroundWorker } from '../../test/harness/programs/worker-surroundings.ts';
import { until } from '../../test/harness/until.ts';
import { cpuOf, listenerOn } from './processes.ts';
import { openServers } from './servers.ts';
import { openSink } from './sink.ts';

/** Waits so long for receipts that none is asked for while the benchmark runs. */
const policy: Policy = { ...prompt, notifying: { ...prompt.notifying, receiptMinutes: 720 } };
const bareWorkflows = fileURLToPath(new URL('../bare/workflows.ts', import.meta.url));

/** The processes whose time is measured; `bench` is this one, with the clients, the sink and the stand-ins. */
export const parts = ['PostgreSQL', 'Temporal', 'worker', 'api', 'bench'] as const;
export type Part = (typeof parts)[number];
/** Processor time, in ms; undefined where the process can't be seen. */
export type Cpu = Record<Part, number | undefined>;

export type Bench = Awaited<ReturnType<typeof openBench>>;

/** Starts servers, stand-ins and sink, and in processes of their own our worker, the api and the bare worker. */
export async function openBench() {
  const around = await surroundWorker(policy, await openServers());
  const tokens = await tokenIssuer();
  const sink = await openSink();
  const port = await getPort({ host: '127.0.0.1' });
  const bundle = join(around.env.FILES_DIR, 'bare.js');
  const { code } = await bundleWorkflowCode({ workflowsPath: bareWorkflows, logger: new DefaultLogger('ERROR') });
  await writeFile(bundle, code);
  const env = {
    ...around.env,
    LOG_LEVEL: 'warn',
    REQUESTS_PER_MINUTE: '1000000',
    PORT: String(port),
    EMBEDDED_TOKEN_KEY: tokens.publicKey,
    SINK_URL: sink.url,
    BARE_BUNDLE: bundle,
  };
  const programs = {
    worker: realWorker(env),
    bare: realProgram('bench/bare/worker.ts', env),
    api: realProgram('api/main.ts', env),
  };
  const origin = `http://127.0.0.1:${port}`;
  await Promise.all(Object.values(programs).map((program) => program.start()));
  await until('the api is ready', async () => (await fetch(`${origin}/readyz`)).ok);
  const servers = {
    PostgreSQL: serverAt(env.DATABASE_URL, 5432),
    Temporal: serverAt(`grpc://${env.TEMPORAL_ADDRESS}`),
  };

  return {
    ...around,
    origin,
    token: tokens.token,
    sink,

    /** What each process has taken so far. @param worker the program whose time counts as `worker` */
    cpu(worker: 'worker' | 'bare'): Cpu {
      const { user, system } = process.cpuUsage();
      return {
        PostgreSQL: cpuOf(servers.PostgreSQL),
        Temporal: cpuOf(servers.Temporal),
        worker: cpuOf(programs[worker].pid()),
        api: cpuOf(programs.api.pid()),
        bench: (user + system) / 1000,
      };
    },

    async close(): Promise<void> {
      await Promise.all(Object.values(programs).map((program) => program.stop()));
      await sink.close();
      await around.close();
    },
  };
}

/** The process behind an address; undefined if it runs on another machine or under another account. */
function serverAt(address: string, defaultPort?: number): number | undefined {
  const { hostname, port } = new URL(address);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return undefined;
  return listenerOn(Number(port) || (defaultPort as number));
}
