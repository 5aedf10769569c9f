import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type LogLevel, type WorkflowBundle } from '@temporalio/worker';
import { bundleSources, filesOf } from './sources.ts';

const { workflows, rules } = bundleSources;

/**
 * Bundles the workflows. The rules are pure and keep nothing, so a worker loads them once, not anew for every workflow.
 */
export function bundleWorkflows(logLevel: LogLevel = 'INFO'): Promise<WorkflowBundle> {
  const preloadModules = [join(workflows, 'stack-traces.ts'), ...filesOf(rules).filter((file) => file.endsWith('.ts'))];
  const workflowsPath = join(workflows, 'index.ts');
  return bundleWorkflowCode({ workflowsPath, preloadModules, logger: new DefaultLogger(logLevel) });
}
