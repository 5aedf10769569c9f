import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type LogLevel, type WorkflowBundle } from '@temporalio/worker';

const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
const rules = fileURLToPath(new URL('../domain/', import.meta.url));
const stackTraces = fileURLToPath(new URL('../workflows/stack-traces.ts', import.meta.url));

/** Bundles the workflows. The rules are pure and keep nothing, so a worker loads them once, not anew for every workflow. */
export function bundleWorkflows(logLevel: LogLevel = 'INFO'): Promise<WorkflowBundle> {
  const files = readdirSync(rules, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const preloadModules = [stackTraces, ...files.map((file) => rules + file)];
  return bundleWorkflowCode({ workflowsPath, preloadModules, logger: new DefaultLogger(logLevel) });
}
