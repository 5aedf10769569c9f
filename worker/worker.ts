import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { createActivities } from '../activities/index.ts';
import { createPayloadCodec } from '../store/codec.ts';
import type { Keyring } from '../store/keyring.ts';
import { taskQueue } from '../workflows/messages.ts';

export const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

export interface ApplicationWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  activities: ReturnType<typeof createActivities>;
  /** Opens what the api encrypted. */
  keyring: Keyring;
  /** A bundle made by `npm run build:workflows`; without it the workflows are bundled now. */
  workflowBundle?: WorkerOptions['workflowBundle'];
  /** Cases kept in memory between their tasks; with 0 every task replays the case's history, as after a restart. */
  maxCachedWorkflows?: number;
}

/** The worker that runs all workflows and activities. */
export function createWorker({ activities, keyring, workflowBundle, ...options }: ApplicationWorkerOptions) {
  return Worker.create({
    ...options,
    taskQueue,
    activities,
    dataConverter: { payloadCodecs: [createPayloadCodec(keyring)] },
    ...(workflowBundle ? { workflowBundle } : { workflowsPath }),
    // A provider's time-out (10 s) < grace < force < the container's stop period (90 s): what is under way is finished.
    shutdownGraceTime: '30s',
    shutdownForceTime: '60s',
    // A case's next step first goes to the worker that has it in memory; if that one died, another takes it after this time.
    stickyQueueScheduleToStartTimeout: '2s',
    // The store's pool has ten connections; more activities at once would only queue for them.
    maxConcurrentLocalActivityExecutions: 20,
    maxConcurrentActivityTaskExecutions: 20,
  });
}
