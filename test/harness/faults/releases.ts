import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { play } from './courses.ts';
import { refused, underReview } from './exact.ts';
import { type Outcome, settle } from './rounds.ts';
import type { Stack } from './stack.ts';

/** Long enough for some tries of every task. */
const BROKEN_MS = 15_000;

/** A worker whose workflow code fails, and the good one again: what came in meanwhile has its effect then. */
export async function brokenRelease(stack: Stack): Promise<Outcome> {
  const all = await Promise.all(Array.from({ length: 4 }, () => underReview(stack, 'broken release')));
  await release(stack, await brokenBundle(stack.folder));
  const deciding = all.map((people) => people.try('approve', {}, 'reviewer-1'));
  const filing = [play(stack, 'approved'), play(stack, 'withdrawnAtOnce')];
  await wait(BROKEN_MS);
  await release(stack, stack.env.GOOD_BUNDLE as string);
  const since = Date.now();
  await Promise.all(deciding);
  const logs = [...all.map(({ log }) => log), ...(await Promise.all(filing))];
  const outcome = await settle(stack, 'broken workflow code, then good', logs, since);
  return { ...outcome, findings: [...all.flatMap(refused), ...outcome.findings] };
}

async function release(stack: Stack, bundle: string): Promise<void> {
  stack.env.GOOD_BUNDLE ??= stack.env.WORKFLOW_BUNDLE as string;
  await stack.worker.kill();
  stack.env.WORKFLOW_BUNDLE = bundle;
  await stack.worker.start();
}

async function brokenBundle(folder: string): Promise<string> {
  const workflowsPath = fileURLToPath(new URL('./broken-workflows.ts', import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const path = join(folder, 'broken.js');
  writeFileSync(path, code);
  return path;
}
