import { writeFileSync } from 'node:fs';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { workflowsPath } from './worker.ts';

/** `npm run build:workflows -- <file>`: bundles the workflows once, so that workers start at once and all run the same code. */
const target = process.argv[2] ?? 'workflow-bundle.js';
const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
writeFileSync(target, code);
