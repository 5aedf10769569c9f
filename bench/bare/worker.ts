import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import * as activities from './activities.ts';

/** The bare sample's worker: a program of its own, with the same options as our worker (worker/worker.ts). */
const { TEMPORAL_ADDRESS: address = '', TEMPORAL_NAMESPACE: namespace = '', BARE_BUNDLE: codePath = '' } = process.env;
Runtime.install({ shutdownSignals: ['SIGINT', 'SIGTERM'], logger: new DefaultLogger('WARN') });
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  namespace,
  taskQueue: 'bare',
  activities,
  workflowBundle: { codePath },
  stickyQueueScheduleToStartTimeout: '2s',
  maxConcurrentLocalActivityExecutions: 20,
  maxConcurrentActivityTaskExecutions: 20,
});
process.once('disconnect', () => worker.getState() === 'RUNNING' && worker.shutdown());
const running = worker.run();
process.send?.('ready');
await running;
process.exit(0);
