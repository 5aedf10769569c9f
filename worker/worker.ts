import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import { createPayloadCodec } from '../store/encryption/codec.ts';
import type { Keyring } from '../store/encryption/keyring.ts';
import { housekeepingQueue, taskQueue } from '../workflows/messages.ts';
import { bundleWorkflows } from './bundle/bundle.ts';
import { discreetFailures } from './discreet-failures.ts';

export interface ApplicationWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  activities: Activities;
  /** Hears of errors of activities before they are shortened for Temporal's history. */
  onError(activity: string, error: unknown): void;
  /** Opens what the api encrypted. */
  keyring: Keyring;
  /** A bundle made by `npm run build:workflows`; without it the workflows are bundled now. */
  workflowBundle?: WorkerOptions['workflowBundle'];
  /** Cases kept in memory between their tasks; with 0 every task replays the case's history, as after a restart. */
  maxCachedWorkflows?: number;
}

/** The workers of a process, as one. */
export interface Workers {
  /** Resolves when all have stopped; where one fails, the others are stopped. */
  run(): Promise<void>;
  /** What is under way is finished first. */
  shutdown(): void;
  /** `RUNNING` where all run, else the state of the first that doesn't. */
  getState(): ReturnType<Worker['getState']>;
}

/**
 * The workers that run all workflows and activities: one for what people wait for, and a small one for what can wait,
 * so that neither waits for the other's slots.
 */
export async function createWorkers(options: ApplicationWorkerOptions): Promise<Workers> {
  const workflowBundle = options.workflowBundle ?? (await bundleWorkflows());
  const cases = await createWorker({ ...options, workflowBundle }, caseLimits);
  const housekeeping = await createWorker({ ...options, workflowBundle }, housekeepingLimits);
  const workers = [cases, housekeeping];
  const shutdown = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  return {
    async run() {
      // All have to have stopped before the connection is closed.
      const ended = await Promise.allSettled(workers.map((worker) => worker.run().finally(shutdown)));
      const failed = ended.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason;
    },
    shutdown,
    getState: () => workers.map((worker) => worker.getState()).find((state) => state !== 'RUNNING') ?? 'RUNNING',
  };
}

const caseLimits = {
  taskQueue,
  // The store's pool has ten connections; more activities at once would only queue for them.
  maxConcurrentLocalActivityExecutions: 20,
  maxConcurrentActivityTaskExecutions: 20,
};

const housekeepingLimits = {
  taskQueue: housekeepingQueue,
  maxConcurrentLocalActivityExecutions: 5,
  maxConcurrentActivityTaskExecutions: 5,
  maxConcurrentWorkflowTaskExecutions: 5,
  workflowThreadPoolSize: 1,
};

function createWorker(
  { activities, onError, keyring, ...options }: ApplicationWorkerOptions,
  limits: Pick<WorkerOptions, 'taskQueue'> & Partial<WorkerOptions>,
): Promise<Worker> {
  return Worker.create({
    ...options,
    ...limits,
    activities,
    interceptors: { activity: [discreetFailures(onError)] },
    dataConverter: { payloadCodecs: [createPayloadCodec(keyring)] },
    // A provider's time-out (10 s) < grace < force < the container's stop period (90 s): what is under way is finished.
    shutdownGraceTime: '30s',
    shutdownForceTime: '60s',
    // A case's next step first goes to the worker that has it in memory; if that one died, another takes it after this
    // time.
    stickyQueueScheduleToStartTimeout: '2s',
  });
}
