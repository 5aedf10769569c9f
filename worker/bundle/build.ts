import { writeFileSync } from 'node:fs';
import { bundleWorkflows } from './bundle.ts';

/**
 * `npm run build:workflows -- <file>`: bundles the workflows once, so that workers start quickly and all run the same
 * code.
 */
const target = process.argv[2] ?? 'workflow-bundle.js';
const { code } = await bundleWorkflows('WARN');
writeFileSync(target, code);
