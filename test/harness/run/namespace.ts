import { randomUUID } from 'node:crypto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { askForTemporal } from './servers.ts';

const ONE_DAY = { seconds: 86_400 } as never;

export type Namespace = TestWorkflowEnvironment & { namespace: string };

/** A namespace of a test's own on the run's dev server, where time passes as it does. */
export async function openNamespace(): Promise<Namespace> {
  const { address } = await askForTemporal();
  const namespace = `test-${randomUUID()}`;
  const env = await TestWorkflowEnvironment.createFromExistingServer({ address, namespace });
  await env.connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: ONE_DAY });
  return env as Namespace;
}
